/* ini_scan - our own reading of an INI file: names, values and lines, or every mistake */
#ifndef EDGE_INI_SCAN_H
#define EDGE_INI_SCAN_H

#include "edge/ini.h"

/*
 * Fills the sections of `ini` from the bytes. False when the file has a mistake or
 * anything that iniparser would read otherwise than it looks; all are added.
 */
bool ini_scan(struct ini *ini, const char *bytes, size_t size, struct mistakes *mistakes);

#endif
