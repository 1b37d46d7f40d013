// A Modbus TCP slave by libmodbus that notes when each request arrived on its socket and when it was answered, by
// CLOCK_MONOTONIC: 100 holding registers in any unit. The device takes --answer-ms for every answer.
//
// Standard output: {"tcp":…} when it listens; on SIGTERM {"writes":[[value,arrived,answered],…],"reads":[[arrived,
// answered],…]} in nanoseconds.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <modbus/modbus.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace fieldlink {
namespace {

constexpr int kRegisters = 100;

volatile std::sig_atomic_t stop_asked = 0;

void ask_to_stop(int) {
    stop_asked = 1;
}

std::int64_t now_ns() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

struct Transaction {
    int value;  ///< written; -1: a read
    std::int64_t arrived, answered;
};

class StampingSlave {
public:
    explicit StampingSlave(double answer_ms)
        : answer_ns_(static_cast<long>(answer_ms * 1e6)),
          context_(modbus_new_tcp("127.0.0.1", 0), modbus_free),
          memory_(modbus_mapping_new(0, 0, kRegisters, 0), modbus_mapping_free) {
        listener_ = context_ ? modbus_tcp_listen(context_.get(), 1) : -1;
        sockaddr_in address{};
        socklen_t size = sizeof address;
        if (!memory_ || listener_ < 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error(std::string("cannot listen: ") + modbus_strerror(errno));
        std::printf("{\"tcp\":\"127.0.0.1:%d\"}\n", ntohs(address.sin_port));
        std::fflush(stdout);
    }
    ~StampingSlave() { ::close(listener_); }

    void run() {
        while (stop_asked == 0) {
            if (modbus_tcp_accept(context_.get(), &listener_) < 0) continue;
            while (stop_asked == 0 && serve()) {}
            modbus_close(context_.get());
        }
    }

    void report() const {
        print("{\"writes\":[", true);
        print("],\"reads\":[", false);
        std::printf("]}\n");
    }

private:
    /// False when the master has gone.
    bool serve() {
        pollfd polled{modbus_get_socket(context_.get()), POLLIN, 0};
        if (::poll(&polled, 1, -1) < 0) return errno == EINTR;
        const std::int64_t arrived = now_ns();
        std::uint8_t query[MODBUS_TCP_MAX_ADU_LENGTH];
        const int size = modbus_receive(context_.get(), query);
        if (size < 0) return false;
        const timespec pause{0, answer_ns_};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr);
        modbus_reply(context_.get(), query, size, memory_.get());
        transactions_.push_back({written_value(query, size), arrived, now_ns()});
        return true;
    }

    /// Of a request to write one register, or several of which the first counts.
    static int written_value(const std::uint8_t* query, int size) {
        constexpr int kHeader = 7, kSingle = kHeader + 3, kMultiple = kHeader + 6;
        const int at = query[kHeader] == MODBUS_FC_WRITE_SINGLE_REGISTER      ? kSingle
                       : query[kHeader] == MODBUS_FC_WRITE_MULTIPLE_REGISTERS ? kMultiple
                                                                              : size;
        return at + 1 < size ? query[at] << 8 | query[at + 1] : -1;
    }

    void print(const char* title, bool writes) const {
        std::fputs(title, stdout);
        const char* separator = "";
        for (const Transaction& done : transactions_) {
            if ((done.value >= 0) != writes) continue;
            std::printf("%s[", separator);
            if (writes) std::printf("%d,", done.value);
            std::printf("%" PRId64 ",%" PRId64 "]", done.arrived, done.answered);
            separator = ",";
        }
    }

    long answer_ns_;
    std::unique_ptr<modbus_t, void (*)(modbus_t*)> context_;
    std::unique_ptr<modbus_mapping_t, void (*)(modbus_mapping_t*)> memory_;
    int listener_ = -1;
    std::vector<Transaction> transactions_;
};

}  // namespace
}  // namespace fieldlink

int main(int argc, char** argv) try {
    double answer_ms = 5;
    CLI::App app("A Modbus TCP slave that notes when requests arrive, for benchmarks");
    app.add_option("--answer-ms", answer_ms, "the device takes so long")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    struct sigaction action {};
    action.sa_handler = fieldlink::ask_to_stop;
    sigaction(SIGTERM, &action, nullptr);  // without SA_RESTART: it ends a wait
    fieldlink::StampingSlave slave(answer_ms);
    slave.run();
    slave.report();
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "stamping_slave: %s\n", error.what());
    return 1;
}
