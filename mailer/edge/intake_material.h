/* intake_material - the facts, lists, texts and files of a revision, each in its class */
#ifndef EDGE_INTAKE_MATERIAL_H
#define EDGE_INTAKE_MATERIAL_H

#include "base/error.h"
#include "base/map.h"
#include "edge/ini.h"
#include "policy/advisory.h"

struct material {
	struct advisory *advisory; /* values and files go here */
	struct ini *ini; /* its strings keep names */
	int folder; /* the revision's directory */
	const char *shown; /* its path, for messages */
	size_t max_file;
	struct map names; /* "list.cves": the value */
	struct map file_names; /* base names: the value */
	struct map contents; /* SHA-256: where it was seen; things owned */
	struct mistakes *mistakes;
};

/* Reads one section: all in it is of the class that it is named after. */
void material_read(struct material *material, struct ini_section *section);
void material_clear(struct material *material);

#endif
