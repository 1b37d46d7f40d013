// What reading costs with nothing around it: libmodbus, one connection, the same registers at the same times as the
// gateway of gateway_bench.mjs. SIGTERM ends it; it then prints how much it has read.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <modbus/modbus.h>
#include <time.h>

namespace fieldlink {
namespace {

using std::chrono::nanoseconds;

struct Arguments {
    std::string host = "127.0.0.1";
    int port = 502;
    int units = 20;
    int registers = 50;
    int period_ms = 100;
};

volatile std::sig_atomic_t stop_asked = 0;

void ask_to_stop(int) {
    stop_asked = 1;
}

nanoseconds now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

/// A signal ends the wait early.
void sleep_until(nanoseconds when) {
    constexpr long kSecond = 1'000'000'000;
    const timespec time{static_cast<time_t>(when.count() / kSecond), static_cast<long>(when.count() % kSecond)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

class BareLoop {
public:
    explicit BareLoop(const Arguments& arguments)
        : arguments_(arguments),
          context_(modbus_new_tcp(arguments.host.c_str(), arguments.port), modbus_free),
          values_(static_cast<std::size_t>(arguments.registers)) {
        if (!context_ || modbus_connect(context_.get()) != 0) fail("connect");
    }

    void run() {
        const nanoseconds period = std::chrono::milliseconds(arguments_.period_ms);
        const nanoseconds started = now();
        nanoseconds due = started;
        while (stop_asked == 0) {
            read_all();
            due += period;
            if (now() > due) ++late_;
            sleep_until(due);
        }
        const double seconds = std::chrono::duration<double>(now() - started).count();
        std::printf("{\"reads\":%" PRIu64 ",\"late\":%" PRIu64 ",\"seconds\":%.3f}\n", reads_, late_, seconds);
    }

private:
    void read_all() {
        for (int unit = 1; unit <= arguments_.units; ++unit) {
            modbus_set_slave(context_.get(), unit);
            if (modbus_read_input_registers(context_.get(), 0, arguments_.registers, values_.data()) < 0) {
                if (stop_asked != 0) return;
                fail("read");
            }
            ++reads_;
        }
    }

    [[noreturn]] void fail(const char* what) {
        throw std::runtime_error(std::string("cannot ") + what + ": " + modbus_strerror(errno));
    }

    Arguments arguments_;
    std::unique_ptr<modbus_t, void (*)(modbus_t*)> context_;
    std::vector<std::uint16_t> values_;
    std::uint64_t reads_ = 0;
    std::uint64_t late_ = 0;
};

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) {
    fieldlink::Arguments arguments;
    CLI::App app("A bare libmodbus loop, to compare the gateway with");
    app.add_option("--host", arguments.host)->capture_default_str();
    app.add_option("--port", arguments.port)->capture_default_str();
    app.add_option("--units", arguments.units, "unit ids 1 to this one are read")->capture_default_str();
    app.add_option("--registers", arguments.registers, "input registers of each")->capture_default_str();
    app.add_option("--period-ms", arguments.period_ms)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGTERM, fieldlink::ask_to_stop);
    try {
        fieldlink::BareLoop(arguments).run();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bare_modbus: %s\n", error.what());
        return 1;
    }
}
