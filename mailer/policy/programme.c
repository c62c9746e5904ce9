#include "policy/programme.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400, WEEK = 7 * DAY };

void
programme_clear(struct programme *programme)
{
	for (size_t i = 0; i < programme->tier_count; i++)
		classes_clear(&programme->tiers[i].admits);
	for (size_t i = 0; i < programme->wave_count; i++)
		free(programme->waves[i].tiers);
	for (size_t i = 0; i < programme->rule_count; i++)
		free(programme->rules[i].countries);
	free(programme->tiers);
	free(programme->waves);
	free(programme->rules);
	free(programme->languages);
	quorum_clear(&programme->quorum);
	calendar_clear(&programme->calendar);
	*programme = (struct programme){ 0 };
}

const struct tier *
programme_tier(const struct programme *programme, const char *id)
{
	for (size_t i = 0; i < programme->tier_count; i++)
		if (strcmp(programme->tiers[i].id, id) == 0)
			return &programme->tiers[i];
	return NULL;
}

static bool
wave_has(const struct wave *wave, const struct tier *tier)
{
	for (size_t i = 0; i < wave->tier_count; i++)
		if (wave->tiers[i] == tier)
			return true;
	return false;
}

const struct wave *
programme_wave_of(const struct programme *programme, const struct tier *tier)
{
	for (size_t i = 0; i < programme->wave_count; i++)
		if (wave_has(&programme->waves[i], tier))
			return &programme->waves[i];
	return NULL;
}

bool
programme_falls_back(const struct programme *programme, const char *language)
{
	for (size_t i = 0; i < programme->language_count; i++)
		if (strcmp(programme->languages[i].id, language) == 0)
			return programme->languages[i].fallback;
	return false;
}

bool
programme_knows_class(const struct programme *programme, const char *class)
{
	for (size_t i = 0; i < programme->tier_count; i++)
		if (classes_have(&programme->tiers[i].admits, class))
			return true;
	return false;
}

static void
check_waves_of(
    const struct programme *programme, const struct tier *tier, struct mistakes *mistakes)
{
	const struct wave *first = NULL;

	for (size_t i = 0; i < programme->wave_count; i++) {
		const struct wave *wave = &programme->waves[i];

		if (!wave_has(wave, tier))
			continue;
		if (first)
			mistakes_add(mistakes, wave->place,
			    "wave '%s': tier '%s' is in wave '%s' already (line %u); "
			    "keep one of them",
			    wave->id, tier->id, first->id, first->place.line);
		else
			first = wave;
	}
	if (!first)
		mistakes_add(mistakes, tier->place,
		    "tier '%s': is in no wave; name it in the tiers of one", tier->id);
}

/* The days on which holidays could shift an offset, and a week, where the rest repeats. */
static time_t
last_day_to_try(const struct calendar *calendar, const struct offset *offset)
{
	long days = offset->business_days ? labs(offset->amount) : 0;
	time_t reach = (days + (time_t)calendar->holiday_count + 1) * WEEK;

	if (calendar->holiday_count == 0)
		return WEEK;
	return calendar->holidays[calendar->holiday_count - 1] + reach;
}

static time_t
first_day_to_try(const struct calendar *calendar, const struct offset *offset)
{
	long days = offset->business_days ? labs(offset->amount) : 0;

	if (calendar->holiday_count == 0)
		return 0;
	return calendar->holidays[0] -
	    (days + (time_t)calendar->holiday_count + 1) * WEEK;
}

/*
 * Whether `early` opens no later than `late` for a release on any day. A count
 * of business days is some number of days that the date alone decides, so
 * each date is tried where holidays matter, and one week elsewhere.
 */
static bool
opens_no_later(const struct offset *early, const struct offset *late,
    const struct calendar *calendar)
{
	const struct offset *widest = early;
	time_t last;

	if (early->business_days == late->business_days)
		return early->amount <= late->amount;
	if (late->business_days)
		widest = late;
	last = last_day_to_try(calendar, widest);
	for (time_t day = first_day_to_try(calendar, widest); day <= last; day += DAY)
		if (offset_from(early, day, calendar) > offset_from(late, day, calendar))
			return false;
	return true;
}

/* Both relations are transitive: neighbours in rank are enough. */
static void
check_neighbours(const struct programme *programme, const struct tier *low,
    const struct tier *high, struct mistakes *mistakes)
{
	const struct wave *early = programme_wave_of(programme, high);
	const struct wave *late = programme_wave_of(programme, low);

	if (low->rank == high->rank) {
		mistakes_add(mistakes, high->place,
		    "tier '%s': rank %u is that of tier '%s', too (line %u); make each "
		    "unique",
		    high->id, high->rank, low->id, low->place.line);
		return;
	}
	if (!classes_within(&low->admits, &high->admits))
		mistakes_add(mistakes, high->place,
		    "tier '%s': does not admit all that tier '%s' below it does (line "
		    "%u); add the classes or change the ranks",
		    high->id, low->id, low->place.line);
	if (early && late && early != late &&
	    !opens_no_later(&early->opens, &late->opens, &programme->calendar))
		mistakes_add(mistakes, early->place,
		    "wave '%s': tier '%s' ranks above '%s' but can open later than wave "
		    "'%s' (line %u)",
		    early->id, high->id, low->id, late->id, late->place.line);
}

void
programme_check(const struct programme *programme, struct mistakes *mistakes)
{
	for (size_t i = 0; i < programme->tier_count; i++) {
		const struct tier *tier = &programme->tiers[i];

		check_waves_of(programme, tier, mistakes);
		if (i > 0)
			check_neighbours(programme, tier - 1, tier, mistakes);
	}
}
