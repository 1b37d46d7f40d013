#include "plain.h"

PLAIN_DRIVER(FL_DRIVER_ABI_VERSION, sizeof(fl_driver), "plain", poll);
