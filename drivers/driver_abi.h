/* The boundary between fieldlink and a driver: C only.
 *
 * A driver is one shared object NAME.so that exports one symbol, `fieldlink_driver`, of type `fl_driver`. No allocation
 * and no exception crosses this boundary: whoever owns memory frees it, and what a function returns is one of the
 * statuses below, named by what the caller does next.
 *
 * Threads. `check` may be called on any thread, but never concurrently for one driver. `create`, `open`, `close`,
 * `poll`, `write` and `destroy` of one bus are all called on that bus's thread. Two buses of the same driver live on
 * two threads: keep no mutable static data.
 *
 * Growth. Structs that begin with a size (fl_bus_config, fl_reporter, fl_host, fl_driver) may get members at their end
 * in a later version, which raises `size`; neither side reads a member beyond the `size` it was given. The others live
 * in arrays or are filled in by the other side, and stay as they are: changing one changes FL_DRIVER_ABI_VERSION.
 */
#ifndef FIELDLINK_DRIVERS_DRIVER_ABI_H
#define FIELDLINK_DRIVERS_DRIVER_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FL_DRIVER_ABI_VERSION 1u
#define FL_DRIVER_SYMBOL "fieldlink_driver"

/* What the caller does next. */
enum {
    FL_OK = 0,        /* go on */
    FL_TRANSIENT = 1, /* this sensor gave no usable answer: try again at its next poll */
    FL_REJECTED = 2,  /* the request as it is will not be accepted: report it, do not repeat it */
    FL_GONE = 3       /* the bus itself is unusable: close it and open it again, with a growing delay */
};
typedef uint32_t fl_status;

/* Why, for the person who reads it; the names are those of the `error.code` in messages. */
enum {
    FL_CODE_NONE = 0,
    FL_CODE_TIMEOUT = 1,
    FL_CODE_REFUSED = 2,
    FL_CODE_ILLEGAL_ADDRESS = 3,
    FL_CODE_ILLEGAL_VALUE = 4,
    FL_CODE_DEVICE_FAILURE = 5,
    FL_CODE_CRC = 6,
    FL_CODE_DISCONNECTED = 7,
    FL_CODE_BAD_FRAME = 8,
    FL_CODE_OUT_OF_RANGE = 9
};

/* Filled in by the driver when a function does not return FL_OK. `message` is UTF-8, terminated, one line: what was
 * asked, what came back ("unit 3, input 0-5: no answer in 500 ms"). */
typedef struct fl_error {
    uint32_t code;
    char message[252];
} fl_error;

/* ---- Settings: what the operator wrote, already checked against the driver's fl_key tables --------------------- */

enum {
    FL_KEY_BOOLEAN = 1,
    FL_KEY_INTEGER = 2, /* `min`..`max` inclusive */
    FL_KEY_NUMBER = 3,  /* `min`..`max` inclusive */
    FL_KEY_TEXT = 4,    /* any scalar, as written */
    FL_KEY_CHOICE = 5,  /* one word of `choices` */
    FL_KEY_DURATION = 6 /* "500ms"; handed over as integer milliseconds, `min`..`max` in milliseconds */
};

/* One key that a driver understands in a bus, a sensor or a point. A table of them ends with a NULL name. The host
 * refuses unknown keys and wrong types with file, line, column and a suggestion, so a driver checks meaning only.
 * The names every bus, sensor or point has (driver, timeout, isolate; bus, every, timeout, report, device, points;
 * unit, scale, offset, writable, min, max, every, error_value) belong to the host and may not be declared again;
 * a sensor's `unit` (Modbus unit id) is the driver's. */
typedef struct fl_key {
    const char* name;
    uint32_t kind;
    uint32_t required; /* 1: the host reports it when it is missing */
    double min, max;
    const char* choices; /* words separated by one space, or NULL */
    const char* help;    /* one line, for `fieldlinkctl drivers` */
} fl_key;

/* One setting that was written. Lives as long as the config struct it belongs to. */
typedef struct fl_setting {
    const char* name;
    uint32_t kind;
    uint32_t reserved;
    int64_t integer;  /* BOOLEAN (0 or 1), INTEGER, DURATION */
    double number;    /* NUMBER, INTEGER */
    const char* text; /* always: the scalar as written */
} fl_setting;

typedef struct fl_point_config {
    const char* name;
    const fl_setting* settings;
    uint32_t setting_count;
    uint32_t writable; /* 1: the operator allows write() */
} fl_point_config;

typedef struct fl_sensor_config {
    const char* name;
    const fl_setting* settings;
    uint32_t setting_count;
    uint32_t timeout_ms; /* the sensor's, else the bus's, else 500 */
    const fl_point_config* points;
    uint32_t point_count;
    uint32_t reserved;
} fl_sensor_config;

typedef struct fl_bus_config {
    uint32_t size; /* sizeof(fl_bus_config) of the host */
    uint32_t setting_count;
    const char* name;
    const fl_setting* settings;
    const fl_sensor_config* sensors;
    uint32_t sensor_count;
    uint32_t timeout_ms;
} fl_bus_config;

/* ---- Problems found by check() ----------------------------------------------------------------------------------- */

enum { FL_WARNING = 1, FL_ERROR = 2 };
#define FL_NO_INDEX UINT32_MAX

/* Where a problem is: a bus key (sensor and point FL_NO_INDEX), a sensor key (point FL_NO_INDEX) or a point key.
 * `key` NULL means the bus, sensor or point as a whole. The host adds file, line and column. */
typedef struct fl_place {
    uint32_t sensor;
    uint32_t point;
    const char* key;
} fl_place;

typedef struct fl_reporter {
    uint32_t size;
    uint32_t reserved;
    void* context;
    /* `text`: what is wrong and what to write instead, e.g. "40001 is a document's number; on the wire it is holding:
     * 0" */
    void (*problem)(void* context, uint32_t severity, const fl_place* place, const char* text);
} fl_reporter;

/* ---- Values ------------------------------------------------------------------------------------------------------ */

enum {
    FL_VALUE_NONE = 0,
    FL_VALUE_BOOLEAN = 1, /* as.s64 0 or 1 */
    FL_VALUE_S64 = 2,
    FL_VALUE_U64 = 3,
    FL_VALUE_F32 = 4, /* kept apart from F64, so that it is printed as the shortest decimal that reads back */
    FL_VALUE_F64 = 5,
    FL_VALUE_TEXT = 6 /* UTF-8 or not: the host repairs it; valid until the next call on the bus */
};

/* A point's raw value, before the host's scale and offset. `error` not FL_CODE_NONE: this point alone failed. */
typedef struct fl_value {
    uint16_t kind;
    uint16_t error;
    uint32_t text_size;
    union {
        int64_t s64;
        uint64_t u64;
        float f32;
        double f64;
        const char* text;
    } as;
} fl_value;

typedef struct fl_write {
    uint32_t point;
    uint32_t reserved;
    fl_value value; /* raw: the host has applied limits, offset and scale. Numbers come as S64, U64 or F64 */
} fl_write;

/* ---- The driver -------------------------------------------------------------------------------------------------- */

enum { FL_LOG_ERROR = 3, FL_LOG_WARNING = 4, FL_LOG_INFO = 6, FL_LOG_DEBUG = 7 }; /* syslog's numbers */

/* What the host lends to a bus; valid until destroy() returned. */
typedef struct fl_host {
    uint32_t size;
    uint32_t reserved;
    void* context;
    void (*log)(void* context, uint32_t level, const char* text); /* for state changes, never per poll */
} fl_host;

typedef struct fl_bus fl_bus; /* the driver's own */

typedef struct fl_driver {
    uint32_t abi_version; /* FL_DRIVER_ABI_VERSION */
    uint32_t size;        /* sizeof(fl_driver) */
    const char* name;     /* equals the file's name without .so */
    const char* version;
    const char* summary; /* one line: what it speaks to */
    const fl_key* bus_keys;
    const fl_key* sensor_keys;
    const fl_key* point_keys;

    /* Reports every problem of meaning (ranges that overlap, keys that exclude each other). Opens nothing; what is
     * missing on this machine is a warning. */
    void (*check)(const fl_bus_config* config, const fl_reporter* reporter);

    /* Makes an instance; `config` stays valid until destroy(). Opens no device. FL_OK or FL_REJECTED. */
    fl_status (*create)(const fl_bus_config* config, const fl_host* host, fl_bus** bus, fl_error* error);
    void (*destroy)(fl_bus* bus);

    /* Opens the line or the connection. FL_OK or FL_GONE. Takes at most the bus's timeout. */
    fl_status (*open)(fl_bus* bus, fl_error* error);
    void (*close)(fl_bus* bus);

    /* Reads `count` points of one sensor (indexes into its points, ascending) as near to one moment as the bus allows:
     * values[i] belongs to points[i]. FL_OK when the sensor answered, even if single points carry an error. Each
     * request waits at most the sensor's timeout; once a request timed out, no further one is sent to that sensor in
     * this call, so that one silent sensor delays the others by one timeout. */
    fl_status (*poll)(fl_bus* bus, uint32_t sensor, const uint32_t* points, uint32_t count, fl_value* values,
                      fl_error* error);

    /* Writes the points in the order given. FL_TRANSIENT: the outcome is not known. FL_REJECTED: the device said no,
     * points written before it stay written. The host reads back by poll(). */
    fl_status (*write)(fl_bus* bus, uint32_t sensor, const fl_write* writes, uint32_t count, fl_error* error);
} fl_driver;

#if defined(__GNUC__)
#define FL_DRIVER_EXPORT __attribute__((visibility("default")))
#else
#define FL_DRIVER_EXPORT
#endif

extern FL_DRIVER_EXPORT const fl_driver fieldlink_driver;

#ifdef __cplusplus
}
#endif
#endif
