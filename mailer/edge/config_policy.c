#include "edge/config_policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/reading.h"
#include "policy/name.h"

enum {
	RANK_MOST = 1000,
	APPROVALS_MOST = 100,
	GROUPS_LEAST = 2,
	GROUPS_MOST = 4096,
	LASTS_DEFAULT = 48 * 3600
};

/* Calls `add` for each section [KIND.ID] or [KIND/ID], in file order; a bad id is a mistake. */
static void
each_of_kind(struct programme *programme, struct ini *ini, const char *kind,
    bool (*is)(const char *id), struct mistakes *mistakes,
    void (*add)(struct programme *, const struct reading *, const char *id))
{
	size_t size = strlen(kind);

	for (size_t i = 0; i < ini->count; i++) {
		struct ini_section *section = &ini->sections[i];
		struct reading reading = { ini, section, mistakes };

		if (strncmp(section->name, kind, size) != 0 ||
		    !strchr("./", section->name[size]) || !section->name[size])
			continue;
		section->used = true;
		if (!is(section->name + size + 1))
			mistakes_add(mistakes, section->place,
			    "[%s]: what follows '%s.' is not a name that a %s can have",
			    section->name, kind, kind);
		add(programme, &reading, section->name + size + 1);
	}
}

static void
read_admits(struct tier *tier, const struct reading *reading)
{
	const char **names;
	size_t count = read_list(
	    reading, "admits", read_need(reading, "admits", NULL), &form_id, &names);

	for (size_t i = 0; i < count; i++)
		classes_add(&tier->admits, names[i]);
	free(names);
}

static void
add_tier_quorum(struct quorum *quorum, const struct reading *reading, const char *tier)
{
	unsigned needed = read_may_number(reading, "approvals", APPROVALS_MOST);

	if (!needed)
		return;
	quorum->tiers =
	    mem_room(quorum->tiers, quorum->tier_count, sizeof *quorum->tiers);
	quorum->tiers[quorum->tier_count++] = (struct tier_quorum){ tier, needed };
}

static void
add_approver(struct programme *programme, const struct reading *reading, const char *name)
{
	struct quorum *quorum = &programme->quorum;
	struct approver *approver;

	quorum->approvers = mem_room(
	    quorum->approvers, quorum->approver_count, sizeof *quorum->approvers);
	approver = &quorum->approvers[quorum->approver_count++];
	approver->name = name;
	approver->place = reading->section->place;
	approver->fingerprint = read_need(reading, "key", &form_fingerprint);
	approver->user = read_may(reading, "user", &form_id);
}

static bool
is_template(const char *value)
{
	return name_is_id(value) && !strchr(value, '.');
}

static bool
is_tlp(const char *value)
{
	enum tlp tlp;

	return tlp_parse(value, &tlp);
}

static void
add_tier(struct programme *programme, const struct reading *reading, const char *id)
{
	static const struct form template = { is_template,
		"is not a template's name, which has no dot", false };
	static const struct form tlp = { is_tlp,
		"is none of CLEAR, GREEN, AMBER, AMBER+STRICT, RED", false };
	struct tier *tier;
	const char *value;

	programme->tiers =
	    mem_room(programme->tiers, programme->tier_count, sizeof *programme->tiers);
	tier = &programme->tiers[programme->tier_count++];
	tier->id = id;
	tier->place = reading->section->place;
	tier->rank = read_number(reading, "rank", RANK_MOST);
	tier->audience = read_need(reading, "audience", NULL);
	value = read_may(reading, "template", &template);
	tier->template = value ? value : "notice";
	tier->update = read_may(reading, "update", &template);
	value = read_may(reading, "tlp", &tlp);
	tier->tightens = value && tlp_parse(value, &tier->tlp);
	tier->alone = read_alone(reading);
	read_admits(tier, reading);
	add_tier_quorum(&programme->quorum, reading, id);
}

static bool
is_offset(const char *value)
{
	struct offset offset;

	return offset_parse(value, &offset);
}

static void
read_wave_tiers(
    struct wave *wave, const struct programme *programme, const struct reading *reading)
{
	const char **names;
	size_t count = read_list(
	    reading, "tiers", read_need(reading, "tiers", NULL), &form_id, &names);

	wave->tiers = mem_array(count, sizeof *wave->tiers);
	for (size_t i = 0; i < count; i++) {
		const struct tier *tier =
		    read_tier(reading, "tiers", names[i], programme);

		if (tier)
			wave->tiers[wave->tier_count++] = tier;
	}
	free(names);
}

static void
add_wave(struct programme *programme, const struct reading *reading, const char *id)
{
	static const struct form offset = { is_offset,
		"is not 'release' or an offset such as 'release - 5bd' or 'release + "
		"30m'",
		false };
	struct wave *wave;
	const char *opens;

	programme->waves =
	    mem_room(programme->waves, programme->wave_count, sizeof *programme->waves);
	wave = &programme->waves[programme->wave_count++];
	wave->id = id;
	wave->place = reading->section->place;
	opens = read_need(reading, "opens", &offset);
	if (opens)
		offset_parse(opens, &wave->opens);
	wave->lasts = read_span(reading, "lasts", LASTS_DEFAULT);
	read_wave_tiers(wave, programme, reading);
}

static void
add_rule(struct programme *programme, const struct reading *reading, const char *id)
{
	struct rule *rule;

	programme->rules =
	    mem_room(programme->rules, programme->rule_count, sizeof *programme->rules);
	rule = &programme->rules[programme->rule_count++];
	rule->id = id;
	rule->place = reading->section->place;
	rule->reason = read_need(reading, "reason", NULL);
	rule->country_count = read_list(reading, "countries",
	    read_need(reading, "countries", NULL), &form_country, &rule->countries);
	rule->tier =
	    read_tier(reading, "tier", read_need(reading, "tier", &form_id), programme);
}

static void
add_language(struct programme *programme, const struct reading *reading, const char *id)
{
	const char *fallback = read_need(reading, "fallback", &form_flag);
	struct language *language;

	programme->languages = mem_room(programme->languages, programme->language_count,
	    sizeof *programme->languages);
	language = &programme->languages[programme->language_count++];
	language->id = id;
	language->fallback = fallback && strcmp(fallback, "yes") == 0;
}

static void
read_marks(struct programme *programme, struct ini *ini, struct mistakes *mistakes)
{
	struct reading reading = { ini, ini_section(ini, "marks"), mistakes };
	struct place place;

	if (!reading.section)
		return;
	programme->groups = read_number(&reading, "groups", GROUPS_MOST);
	if (programme->groups && programme->groups < GROUPS_LEAST) {
		const char *value = ini_get(reading.section, "groups", &place);

		read_refuse(&reading, place, "groups", value,
		    "would give everybody the same marks");
	}
}

/* Equal ranks stay in file order: qsort alone would not keep it. */
static int
by_rank(const void *a, const void *b)
{
	const struct tier *one = a, *two = b;

	if (one->rank != two->rank)
		return one->rank < two->rank ? -1 : 1;
	return (one->place.line > two->place.line) - (one->place.line < two->place.line);
}

void
config_policy(struct programme *programme, struct ini *ini, struct mistakes *mistakes)
{
	each_of_kind(programme, ini, "tier", name_is_id, mistakes, add_tier);
	if (programme->tier_count)
		qsort(programme->tiers, programme->tier_count, sizeof *programme->tiers,
		    by_rank);
	else
		mistakes_add(mistakes, (struct place){ ini->file, 0 },
		    "has no tier; add a section [tier.NAME]");
	/* From here on tiers stay where they are: waves and rules point to them. */
	each_of_kind(programme, ini, "wave", name_is_id, mistakes, add_wave);
	if (!programme->wave_count)
		mistakes_add(mistakes, (struct place){ ini->file, 0 },
		    "has no wave; add a section [wave.NAME]");
	each_of_kind(programme, ini, "rule", name_is_id, mistakes, add_rule);
	each_of_kind(
	    programme, ini, "language", name_is_language, mistakes, add_language);
	each_of_kind(programme, ini, "approver", name_is_id, mistakes, add_approver);
	quorum_check(&programme->quorum, mistakes);
	read_marks(programme, ini, mistakes);
}
