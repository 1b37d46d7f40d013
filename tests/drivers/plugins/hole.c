#include "plain.h"

/* A table with an empty entry. The function that is left out is still used, so that the compiler has nothing to say. */
PLAIN_DRIVER(FL_DRIVER_ABI_VERSION, sizeof(fl_driver), "hole", sizeof(&poll) == 0 ? poll : NULL);
