#include "edge/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENDED = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK };

static bool
write_all(int file, const char *bytes, size_t size)
{
	ssize_t n = 0;

	for (size_t at = 0; at < size; at += (size_t)n) {
		n = pwrite(file, bytes + at, size - at, (off_t)at);
		if (n <= 0)
			return false;
	}
	return true;
}

int
memory_file(const void *bytes, size_t size, struct error *err)
{
	int file = memfd_create("mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (file >= 0 && write_all(file, bytes, size))
		return file;
	error_set(err, "a file in memory cannot be made: %s", strerror(errno));
	if (file >= 0)
		close(file);
	return -1;
}

bool
memory_map(struct memory *memory, int file, struct error *err)
{
	struct stat st;
	void *bytes = MAP_FAILED;

	*memory = (struct memory){ 0 };
	/* Sealed first: who still has it open cannot change what is then looked at. */
	if (fcntl(file, F_ADD_SEALS, ENDED) == 0 && fstat(file, &st) == 0)
		bytes = mmap(NULL, st.st_size ? (size_t)st.st_size : 1, PROT_READ,
		    MAP_PRIVATE, file, 0);
	if (bytes == MAP_FAILED)
		return error_set(
		    err, "a file in memory cannot be read: %s", strerror(errno));
	*memory = (struct memory){ bytes, (size_t)st.st_size };
	return true;
}

void
memory_unmap(struct memory *memory)
{
	if (memory->bytes)
		munmap((void *)(size_t)memory->bytes, memory->size ? memory->size : 1);
	*memory = (struct memory){ 0 };
}
