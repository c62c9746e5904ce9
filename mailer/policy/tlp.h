/* tlp - the labels of the Traffic Light Protocol 2.0 (FIRST), least strict first */
#ifndef POLICY_TLP_H
#define POLICY_TLP_H

#include <stdbool.h>

enum tlp { TLP_CLEAR, TLP_GREEN, TLP_AMBER, TLP_AMBER_STRICT, TLP_RED };

bool tlp_parse(const char *string, enum tlp *tlp); /* "AMBER+STRICT", capitals */
const char *tlp_label(enum tlp tlp); /* "TLP:AMBER+STRICT" */

#endif
