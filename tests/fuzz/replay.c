/*
 * replay - each seed once through its fuzzer, as TAP, with any compiler: the
 * program is named after the fuzzer, and its seeds are in tests/fuzz/seeds/NAME.
 */
#include <dirent.h>
#include <libgen.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz.h"

enum { SEED_MOST = 1 << 20 };

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool
replay(const char *path)
{
	struct text text = { 0 };
	struct error err;
	uint8_t *exact;

	if (!file_read(path, SEED_MOST, &text, &err))
		return false;
	exact = malloc(text.size ? text.size : 1); /* no byte more, for the sanitizers */
	must(exact, "there is memory");
	if (text.size)
		memcpy(exact, text.data, text.size);
	LLVMFuzzerTestOneInput(exact, text.size);
	free(exact);
	text_clear(&text);
	return true;
}

int
main(int argc, char *argv[])
{
	char *folder = mem_format("tests/fuzz/seeds/%s", argc ? basename(argv[0]) : "");
	struct dirent **seeds = NULL;
	int count = scandir(folder, &seeds, visible, alphasort);
	bool all = count > 0;

	printf("1..%d\n", count > 0 ? count : 1);
	if (count <= 0)
		printf("not ok 1 - %s: has no seed\n", folder);
	for (int i = 0; i < count; i++) {
		char *path = mem_format("%s/%s", folder, seeds[i]->d_name);
		bool ok = replay(path);

		printf("%s %d - %s\n", ok ? "ok" : "not ok", i + 1, seeds[i]->d_name);
		fflush(stdout);
		all = all && ok;
		free(seeds[i]);
		free(path);
	}
	free(seeds);
	free(folder);
	return all ? 0 : 1;
}
