/* A complete driver in plain C that does nothing; the wrong drivers of the loader's tests are made from it. */
#ifndef FIELDLINK_TESTS_PLAIN_H
#define FIELDLINK_TESTS_PLAIN_H

#include "drivers/driver_abi.h"

static const fl_key no_keys[] = {{NULL, 0, 0, 0, 0, NULL, NULL}};

static void check(const fl_bus_config* config, const fl_reporter* reporter) {
    (void)config;
    (void)reporter;
}
static fl_status create(const fl_bus_config* config, const fl_host* host, fl_bus** bus, fl_error* error) {
    (void)config;
    (void)host;
    (void)error;
    *bus = NULL;
    return FL_OK;
}
static void destroy(fl_bus* bus) {
    (void)bus;
}
static fl_status open_bus(fl_bus* bus, fl_error* error) {
    (void)bus;
    (void)error;
    return FL_OK;
}
static void close_bus(fl_bus* bus) {
    (void)bus;
}
static fl_status poll(fl_bus* bus, uint32_t sensor, const uint32_t* points, uint32_t count, fl_value* values,
                      fl_error* error) {
    (void)bus;
    (void)sensor;
    (void)points;
    (void)error;
    for (uint32_t i = 0; i < count; ++i) {
        values[i].kind = FL_VALUE_S64;
        values[i].error = FL_CODE_NONE;
        values[i].as.s64 = 42;
    }
    return FL_OK;
}
static fl_status write_points(fl_bus* bus, uint32_t sensor, const fl_write* writes, uint32_t count, fl_error* error) {
    (void)bus;
    (void)sensor;
    (void)writes;
    (void)count;
    (void)error;
    return FL_REJECTED;
}

#define PLAIN_DRIVER(version, size, name, poll)                                              \
    const fl_driver fieldlink_driver = {version, size,     name,      "1.0", "does nothing", \
                                        no_keys, no_keys,  no_keys,   check, create,         \
                                        destroy, open_bus, close_bus, poll,  write_points}

#endif
