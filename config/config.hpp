#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/problem.hpp"

/// The configuration as plain values, in the words of fieldlink.yaml. Made by load_config() (config/load.hpp), after
/// which every invariant that the manual states holds: names are valid, references resolve, ranges are kept.
namespace fieldlink {

using std::chrono::milliseconds;

/// An exact decimal number, mantissa × 10^exponent: what `scale: 0.1` means. Kept exact so that 0.1 × 215 is 21.5.
struct Decimal {
    std::int64_t mantissa = 1;
    int exponent = 0;
};

/// Where a secret is kept; never the secret itself. Read by read_secret() (config/secret.hpp).
struct SecretRef {
    enum class From { file, credential, env };
    From from = From::file;
    std::string name;  ///< a path, a credential's name or a variable's name
    Mark mark;
};

struct ProvisionConfig {
    std::string url;  ///< {gateway} already filled in
    SecretRef secret;
    milliseconds timeout{10'000};
};

struct TokenAuth {
    SecretRef token;
};
struct ApiKeyAuth {
    SecretRef key;
};
using AuthConfig = std::variant<ProvisionConfig, TokenAuth, ApiKeyAuth>;

struct TlsConfig {
    std::string ca_file, cert, key;  ///< empty: not given
};

/// Channel names with {gateway} filled in; `telemetry` may still contain {sensor}.
struct ChannelsConfig {
    std::string telemetry, commands, results;
};

struct ReconnectConfig {
    milliseconds initial_delay{500}, max_delay{60'000};
    double multiplier = 2;
    unsigned per_minute = 10;
};

struct RateConfig {
    double messages = 80;  ///< per second
    double burst = 100;
};

enum class Confirm { ack, receipt };

struct UplinkConfig {
    std::string url;  ///< origin; the client appends /v1
    AuthConfig auth;
    TlsConfig tls;
    std::string proxy;
    bool split = false;
    ChannelsConfig channels;
    ReconnectConfig reconnect;
    RateConfig rate;
    Confirm confirm = Confirm::ack;
    milliseconds receipt_timeout{60'000};
};

struct BatchConfig {
    milliseconds max_age{1'000};
    std::uint64_t max_bytes = 48 * 1024;  ///< of the whole frame
    unsigned max_readings = 1'000;
};

enum class WhenFull { drop_oldest, drop_newest, thin_evenly };
enum class Durability { power, process, deferred };
enum class SendOrder { live_first, oldest_first };

struct OutboxConfig {
    std::string path = "/var/lib/fieldlink/outbox.db";
    std::uint64_t max_size = 256ull * 1024 * 1024;  ///< of the files on disk
    WhenFull when_full = WhenFull::drop_oldest;
    Durability durability = Durability::power;
    SendOrder order = SendOrder::live_first;
    milliseconds keep_delivered{24 * 3'600'000};
};

struct CommandsConfig {
    std::vector<std::string> allow{"write", "read", "poll", "replay", "calibrate"};
    std::vector<std::string> from;
    bool direct = false;
    double rate_per_second = 10;
    double rate_burst = 50;
    milliseconds remember{7ll * 24 * 3'600'000};
};

struct ControlConfig {
    std::string socket = "/run/fieldlink/control.sock";
};

/// A driver's own key, checked against the driver's table (see driver_keys.hpp).
struct Setting {
    std::string name;
    KeyKind kind;
    std::int64_t integer = 0;  ///< boolean (0, 1), integer, duration (ms)
    double number = 0;         ///< number, integer
    std::string text;          ///< the scalar as written
    Mark mark;                 ///< of the value
};

struct PointConfig {
    std::string name;
    Mark mark;
    std::string unit;
    std::optional<Decimal> scale, offset;  ///< value = raw × scale + offset
    bool writable = false;
    Mark writable_mark;              ///< of the value of `writable`; line 0 if it is not written
    std::optional<double> min, max;  ///< of the value, inclusive
    std::optional<double> error_value;
    std::optional<milliseconds> every;
    std::vector<Setting> settings;
};

struct ReportConfig {
    std::optional<double> deadband;  ///< absent: every reading is reported
    milliseconds max_silence{300'000};
};

struct SensorConfig {
    std::string name;
    Mark mark;
    std::string bus;
    milliseconds every{1'000};
    milliseconds timeout{500};  ///< the sensor's, else the bus's, else the default
    ReportConfig report;
    std::string device;  ///< a template's name; empty: none
    std::vector<Setting> settings;
    std::vector<PointConfig> points;
};

struct BusConfig {
    std::string name;
    Mark mark;
    std::string driver;
    milliseconds timeout{500};
    bool isolate = false;
    std::vector<Setting> settings;
    std::vector<SensorConfig> sensors;  ///< those on this bus, in the order of the files
};

struct Config {
    std::string gateway;
    UplinkConfig uplink;
    BatchConfig batch;
    OutboxConfig outbox;
    CommandsConfig commands;
    std::string metrics_listen;  ///< empty: off
    ControlConfig control;
    std::vector<BusConfig> buses;
};

}  // namespace fieldlink
