#include "plain.h"

PLAIN_DRIVER(FL_DRIVER_ABI_VERSION, sizeof(fl_driver) - sizeof(void*), "small_table", poll);
