#include "cmd/progress.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/when.h"
#include "cmd/pace.h"
#include "cmd/say.h"
#include "cmd/screen.h"

enum {
	SECOND = 1000000000,
	PAUSE = SECOND / 5, /* from one drawing to the next */
	BAR_LEAST = 10,
	BAR_MOST = 30,
	BAR_REST = 4, /* its ends, a space, and the terminal's last column */
};

void
progress_open(struct progress *progress)
{
	*progress = (struct progress){
		.shown = screen_redraws(STDERR_FILENO),
		.began = pace_now(),
	};
	pthread_mutex_init(&progress->mutex, NULL);
}

void
progress_close(struct progress *progress)
{
	pthread_mutex_destroy(&progress->mutex);
}

/* At the rate so far. */
static void
add_outlook(struct text *words, const struct progress *progress, int64_t now)
{
	size_t done = progress->accepted + progress->trouble;
	double seconds = (double)(now - progress->began) / SECOND;
	double rate = seconds > 0 ? (double)done / seconds : 0;

	if (done == 0)
		return;
	text_addf(words, ", %.*f/s", rate < 10 ? 1 : 0, rate);
	if (done < progress->expected) {
		text_adds(words, ", ");
		when_span(words, (time_t)((double)(progress->expected - done) / rate));
		text_adds(words, " left");
	}
}

static void
add_bar(struct text *line, size_t done, size_t expected, size_t width)
{
	text_addc(line, '[');
	for (size_t i = 0; i < width; i++)
		text_addc(line, i * expected < done * width ? '#' : '-');
	text_adds(line, "] ");
}

/* All of it is ASCII: a byte is a column. The last one stays free, so that nothing wraps. */
static void
draw(struct progress *progress, int64_t now)
{
	size_t done = progress->accepted + progress->trouble;
	size_t width = screen_width(STDERR_FILENO);
	struct text words = { 0 }, line = { 0 };

	text_addf(&words, "%zu %%, %zu of %zu: %zu accepted, %zu in trouble",
	    done * 100 / progress->expected, done, progress->expected, progress->accepted,
	    progress->trouble);
	add_outlook(&words, progress, now);
	if (width >= words.size + BAR_LEAST + BAR_REST) {
		size_t room = width - words.size - BAR_REST;

		add_bar(
		    &line, done, progress->expected, room > BAR_MOST ? BAR_MOST : room);
	}
	text_adds(&line, text_string(&words));
	if (width && line.size >= width)
		line.data[line.size = width - 1] = '\0';
	say_standing(text_string(&line));
	progress->drawn = now;
	text_clear(&line);
	text_clear(&words);
}

/* A terminal that is stopped, or far away, must not hold up a wave. */
static bool
takes_more(void)
{
	struct pollfd terminal = { STDERR_FILENO, POLLOUT, 0 };

	return poll(&terminal, 1, 0) > 0 && (terminal.revents & POLLOUT);
}

static void
draw_in_time(struct progress *progress)
{
	size_t done = progress->accepted + progress->trouble;
	int64_t now = pace_now();
	bool due = !progress->drawn || now - progress->drawn >= PAUSE ||
	    done == progress->expected;

	if (due && takes_more())
		draw(progress, now);
}

void
progress_expect(struct progress *progress, size_t more)
{
	if (!progress->shown || more == 0)
		return;
	pthread_mutex_lock(&progress->mutex);
	progress->expected += more;
	draw_in_time(progress);
	pthread_mutex_unlock(&progress->mutex);
}

void
progress_step(struct progress *progress, bool accepted)
{
	if (!progress->shown)
		return;
	pthread_mutex_lock(&progress->mutex);
	progress->accepted += accepted;
	progress->trouble += !accepted;
	/* What came in between, such as another run's retry, was not foreseen. */
	if (progress->expected < progress->accepted + progress->trouble)
		progress->expected = progress->accepted + progress->trouble;
	draw_in_time(progress);
	pthread_mutex_unlock(&progress->mutex);
}

void
progress_end(struct progress *progress)
{
	struct text span = { 0 };

	if (!progress->shown)
		return;
	say_standing(NULL);
	if (progress->expected == 0) {
		say_wrong("nothing was due");
		return;
	}
	when_span(&span, (time_t)((pace_now() - progress->began) / SECOND));
	say_wrong("%zu of %zu in %s: %zu accepted, %zu in trouble",
	    progress->accepted + progress->trouble, progress->expected,
	    text_string(&span), progress->accepted, progress->trouble);
	text_clear(&span);
}
