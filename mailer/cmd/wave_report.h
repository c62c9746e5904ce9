/* wave_report - a sealed summary to the operators, once a wave has gone out */
#ifndef CMD_WAVE_REPORT_H
#define CMD_WAVE_REPORT_H

#include "cmd/sending.h"

/*
 * For each wave of these advisories of which the run that began then had the first
 * messages accepted. Comes when all else is done: whatever fails is said, and changes
 * neither a delivery nor the exit code.
 */
void wave_report_send(
    struct sending *sending, const struct armed *armed, size_t count, time_t began);

#endif
