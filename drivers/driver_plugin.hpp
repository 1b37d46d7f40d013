#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "drivers/driver_abi.h"

/// All that a driver written in C++ needs; the boundary itself, driver_abi.h, is C. A complete driver, dice.cpp, built
/// as a module `dice.so`:
///
///     #include <cstdlib>
///     #include "drivers/driver_plugin.hpp"
///     using namespace fieldlink;
///
///     namespace {
///     constexpr fl_key kNoKeys[] = {Key::end()};
///     constexpr fl_key kPointKeys[] = {Key::integer("sides", 2, 100, "sides of the die"), Key::end()};
///
///     class Dice : public BusDriver {
///     public:
///         Dice(const fl_bus_config& config, Host) : config_(config) {}
///         static void check(const fl_bus_config&, Reporter) {}  // the host has checked the range of `sides`
///
///         Outcome poll(std::uint32_t sensor, Indexes points, fl_value* values) override {
///             for (std::uint32_t i = 0; i < points.count; ++i)
///                 values[i] = Value::of(std::int64_t{1} + std::rand() % sides(sensor, points[i]));
///             return Outcome::ok();
///         }
///
///     private:
///         std::int64_t sides(std::uint32_t sensor, std::uint32_t point) const {
///             return Settings(config_.sensors[sensor].points[point]).integer("sides", 6);
///         }
///         const fl_bus_config& config_;
///     };
///     }  // namespace
///
///     const fl_driver fieldlink_driver =
///         driver_table<Dice>("dice", "1.0", "throws dice", kNoKeys, kNoKeys, kPointKeys);
///
/// The class has a static check(), a constructor from the bus's configuration (which outlives the object) and the
/// calls of BusDriver. Exceptions may leave any of them: they end at the boundary as a status with the exception's
/// text.
namespace fieldlink {

/// How a call ended, named by what the host does next; see FL_OK and its neighbours.
struct Outcome {
    fl_status status = FL_OK;
    std::uint32_t code = FL_CODE_NONE;
    std::string message;  ///< what was asked and what came back, in one line

    static Outcome ok() { return {}; }
    static Outcome transient(std::uint32_t code, std::string why) { return {FL_TRANSIENT, code, std::move(why)}; }
    static Outcome rejected(std::uint32_t code, std::string why) { return {FL_REJECTED, code, std::move(why)}; }
    static Outcome gone(std::uint32_t code, std::string why) { return {FL_GONE, code, std::move(why)}; }
};

/// What the operator wrote at a bus, a sensor or a point. Asking for a key as a kind that its fl_key does not have is a
/// mistake of the driver and throws std::logic_error.
class Settings {
public:
    explicit Settings(const fl_bus_config& bus) : first_(bus.settings), count_(bus.setting_count) {}
    explicit Settings(const fl_sensor_config& sensor) : first_(sensor.settings), count_(sensor.setting_count) {}
    explicit Settings(const fl_point_config& point) : first_(point.settings), count_(point.setting_count) {}

    bool has(const char* name) const { return find(name) != nullptr; }

    bool boolean(const char* name, bool fallback) const {
        return integer_of(name, FL_KEY_BOOLEAN, fallback ? 1 : 0) != 0;
    }
    std::int64_t integer(const char* name, std::int64_t fallback) const {
        return integer_of(name, FL_KEY_INTEGER, fallback);
    }
    std::chrono::milliseconds duration(const char* name, std::chrono::milliseconds fallback) const {
        return std::chrono::milliseconds(integer_of(name, FL_KEY_DURATION, fallback.count()));
    }
    double number(const char* name, double fallback) const {
        const fl_setting* found = find(name, FL_KEY_NUMBER);
        return found ? found->number : fallback;
    }
    /// The scalar as written; every kind has one.
    std::string_view text(const char* name, std::string_view fallback = {}) const {
        const fl_setting* found = find(name);
        return found ? std::string_view(found->text) : fallback;
    }

private:
    const fl_setting* find(const char* name) const {
        for (std::uint32_t i = 0; i < count_; ++i) {
            if (std::strcmp(first_[i].name, name) == 0) return &first_[i];
        }
        return nullptr;
    }
    const fl_setting* find(const char* name, std::uint32_t kind) const {
        const fl_setting* found = find(name);
        if (found && found->kind != kind) throw std::logic_error(std::string("key ") + name + " is of another kind");
        return found;
    }
    std::int64_t integer_of(const char* name, std::uint32_t kind, std::int64_t fallback) const {
        const fl_setting* found = find(name, kind);
        return found ? found->integer : fallback;
    }

    const fl_setting* first_;
    std::uint32_t count_;
};

/// Where a problem is: at a key of the bus, of a sensor or of a point; without a key, at it as a whole.
constexpr fl_place at_bus(const char* key = nullptr) {
    return {FL_NO_INDEX, FL_NO_INDEX, key};
}
constexpr fl_place at_sensor(std::uint32_t sensor, const char* key = nullptr) {
    return {sensor, FL_NO_INDEX, key};
}
constexpr fl_place at_point(std::uint32_t sensor, std::uint32_t point, const char* key = nullptr) {
    return {sensor, point, key};
}

/// Where check() puts what it finds. A text says what is wrong and what to write instead.
class Reporter {
public:
    explicit Reporter(const fl_reporter& reporter) : to_(&reporter) {}
    void error(const fl_place& at, const std::string& text) const { report(FL_ERROR, at, text); }
    void warning(const fl_place& at, const std::string& text) const { report(FL_WARNING, at, text); }

private:
    void report(std::uint32_t severity, const fl_place& at, const std::string& text) const {
        to_->problem(to_->context, severity, &at, text.c_str());
    }
    const fl_reporter* to_;
};

/// The host's log, for what an operator should know once: a state that begins or ends, never a poll.
class Host {
public:
    explicit Host(const fl_host& host) : host_(&host) {}
    void log(std::uint32_t level, const std::string& text) const { host_->log(host_->context, level, text.c_str()); }

private:
    const fl_host* host_;
};

/// An array that the host lends for one call.
template <class Item>
struct Lent {
    const Item* first;
    std::uint32_t count;
    const Item& operator[](std::uint32_t i) const { return first[i]; }
    const Item* begin() const { return first; }
    const Item* end() const { return first + count; }
};
using Indexes = Lent<std::uint32_t>;  ///< into a sensor's points, ascending
using Writes = Lent<fl_write>;        ///< in the order in which to do them

/// One bus of a driver. All calls come on that bus's thread; what each promises is said at fl_driver.
class BusDriver {
public:
    virtual ~BusDriver() = default;
    virtual Outcome open() { return Outcome::ok(); }
    virtual void close() {}
    virtual Outcome poll(std::uint32_t sensor, Indexes points, fl_value* values) = 0;
    virtual Outcome write(std::uint32_t, Writes) {
        return Outcome::rejected(FL_CODE_REFUSED, "this driver cannot write");
    }
};

/// Makers of a point's raw value.
struct Value {
    static fl_value boolean(bool is) { return {FL_VALUE_BOOLEAN, FL_CODE_NONE, 0, {is ? 1 : 0}}; }
    static fl_value of(std::int64_t number) { return {FL_VALUE_S64, FL_CODE_NONE, 0, {number}}; }
    static fl_value of(std::uint64_t number) { return made(FL_VALUE_U64, &decltype(fl_value::as)::u64, number); }
    static fl_value of(float number) { return made(FL_VALUE_F32, &decltype(fl_value::as)::f32, number); }
    static fl_value of(double number) { return made(FL_VALUE_F64, &decltype(fl_value::as)::f64, number); }
    /// The driver keeps the bytes until the next call on the bus.
    static fl_value text(std::string_view bytes) {
        fl_value value = made(FL_VALUE_TEXT, &decltype(fl_value::as)::text, bytes.data());
        value.text_size = static_cast<std::uint32_t>(bytes.size());
        return value;
    }
    /// This point alone failed.
    static fl_value failed(std::uint32_t code) { return {FL_VALUE_NONE, static_cast<std::uint16_t>(code), 0, {0}}; }
    /// What a write brings, if it is a number at all. Integers beyond 2^53 are rounded.
    static std::optional<double> number(const fl_value& value) {
        if (value.kind == FL_VALUE_S64) return static_cast<double>(value.as.s64);
        if (value.kind == FL_VALUE_U64) return static_cast<double>(value.as.u64);
        if (value.kind == FL_VALUE_F64) return value.as.f64;
        return std::nullopt;
    }

private:
    template <class Member, class Content>
    static fl_value made(std::uint16_t kind, Member member, Content content) {
        fl_value value{kind, FL_CODE_NONE, 0, {}};
        value.as.*member = content;
        return value;
    }
};

/// Makers of the rows of a key table, which ends with end(). `choices` are words separated by one space.
struct Key {
    using Text = const char*;
    static constexpr fl_key boolean(Text name, Text help) { return {name, FL_KEY_BOOLEAN, 0, 0, 0, nullptr, help}; }
    static constexpr fl_key text(Text name, Text help) { return {name, FL_KEY_TEXT, 0, 0, 0, nullptr, help}; }
    static constexpr fl_key integer(Text name, double min, double max, Text help) {
        return {name, FL_KEY_INTEGER, 0, min, max, nullptr, help};
    }
    static constexpr fl_key number(Text name, double min, double max, Text help) {
        return {name, FL_KEY_NUMBER, 0, min, max, nullptr, help};
    }
    static constexpr fl_key choice(Text name, Text choices, Text help) {
        return {name, FL_KEY_CHOICE, 0, 0, 0, choices, help};
    }
    static constexpr fl_key duration(Text name, double min_ms, double max_ms, Text help) {
        return {name, FL_KEY_DURATION, 0, min_ms, max_ms, nullptr, help};
    }
    static constexpr fl_key required(fl_key key) { return key.required = 1, key; }
    static constexpr fl_key end() { return {}; }
};

/// What lies between the C table and a BusDriver; for driver_table() alone.
template <class Driver>
struct Boundary {
    static void check(const fl_bus_config* config, const fl_reporter* reporter) {
        fl_error error{};
        const auto checked = [&] { return Driver::check(*config, Reporter(*reporter)), Outcome{}; };
        if (contain(FL_REJECTED, &error, checked) != FL_OK) Reporter(*reporter).error(at_bus(), error.message);
    }
    static fl_status create(const fl_bus_config* config, const fl_host* host, fl_bus** bus, fl_error* error) {
        const auto created = [&] { return *bus = handle(new Driver(*config, Host(*host))), Outcome{}; };
        return contain(FL_REJECTED, error, created);
    }
    static void destroy(fl_bus* bus) { delete &driver(bus); }
    static fl_status open(fl_bus* bus, fl_error* error) {
        return contain(FL_GONE, error, [&] { return driver(bus).open(); });
    }
    static void close(fl_bus* bus) {
        fl_error ignored;
        contain(FL_GONE, &ignored, [&] { return driver(bus).close(), Outcome{}; });
    }
    static fl_status poll(fl_bus* bus, std::uint32_t sensor, const std::uint32_t* points, std::uint32_t count,
                          fl_value* values, fl_error* error) {
        return contain(FL_TRANSIENT, error, [&] { return driver(bus).poll(sensor, {points, count}, values); });
    }
    static fl_status write(fl_bus* bus, std::uint32_t sensor, const fl_write* writes, std::uint32_t count,
                           fl_error* error) {
        return contain(FL_TRANSIENT, error, [&] { return driver(bus).write(sensor, {writes, count}); });
    }

private:
    static BusDriver& driver(fl_bus* bus) { return *reinterpret_cast<BusDriver*>(bus); }
    static fl_bus* handle(BusDriver* made) { return reinterpret_cast<fl_bus*>(made); }

    /// Runs `call`; an exception becomes `otherwise`, which is the best the host can do after it.
    template <class Call>
    static fl_status contain(fl_status otherwise, fl_error* error, Call call) noexcept {
        try {
            const Outcome outcome = call();
            if (outcome.status == FL_OK) return FL_OK;
            return store(outcome.status, outcome.code, outcome.message.c_str(), error);
        } catch (const std::exception& exception) {
            return store(otherwise, FL_CODE_DEVICE_FAILURE, exception.what(), error);
        } catch (...) {
            return store(otherwise, FL_CODE_DEVICE_FAILURE, "the driver threw what is no std::exception", error);
        }
    }
    static fl_status store(fl_status status, std::uint32_t code, const char* message, fl_error* error) noexcept {
        error->code = code;
        std::snprintf(error->message, sizeof error->message, "%s", message);
        return status;
    }
};

/// The table to export as `fieldlink_driver`. The key tables live for ever, as constants do.
template <class Driver>
constexpr fl_driver driver_table(const char* name, const char* version, const char* summary, const fl_key* bus_keys,
                                 const fl_key* sensor_keys, const fl_key* point_keys) {
    using B = Boundary<Driver>;
    // clang-format off
    return {FL_DRIVER_ABI_VERSION, sizeof(fl_driver), name, version, summary, bus_keys, sensor_keys, point_keys,
            B::check, B::create, B::destroy, B::open, B::close, B::poll, B::write};
    // clang-format on
}

}  // namespace fieldlink
