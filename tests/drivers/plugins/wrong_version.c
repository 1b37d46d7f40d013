#include "plain.h"

PLAIN_DRIVER(FL_DRIVER_ABI_VERSION + 1, sizeof(fl_driver), "wrong_version", poll);
