#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <modbus/modbus.h>

namespace fieldlink {

/// A request as the slave saw it: "1 read input 0-5", "3 write coil 4".
using SeenRequests = std::vector<std::string>;

/// A Modbus device on libmodbus' server side, in a thread of its own, that misbehaves on order. Every call takes effect
/// on the next request.
class TestSlave {
public:
    /// Listens on 127.0.0.1; port 0 takes a free one.
    static std::unique_ptr<TestSlave> on_tcp(int port = 0);
    /// Unit 1 on a pseudo terminal.
    static std::unique_ptr<TestSlave> on_serial_line();
    ~TestSlave();
    TestSlave(const TestSlave&) = delete;
    TestSlave& operator=(const TestSlave&) = delete;

    int port() const { return port_; }
    const std::string& device() const { return device_; }

    void set_input(int address, std::uint16_t value);
    void set_holding(int address, std::uint16_t value);
    std::uint16_t holding(int address);
    bool coil(int address);

    void be_silent_as(int unit);
    void answer_as(int unit);
    /// Reads that touch this input or holding register get "illegal data address".
    void refuse(int address);
    /// The next answer is kept until the request after it has come, and sent before that one's answer.
    void answer_late();
    /// The next answer is so slow that its last byte never comes in time, though no pause in it is long.
    void trickle();
    /// Closes the connection instead of answering the next request.
    void hang_up();

    /// How often somebody connected.
    int connections();
    /// What came since the last call.
    SeenRequests seen();

private:
    TestSlave(modbus_t* context, int listening, int line);
    void run();
    void accept();
    void serve(int descriptor);
    void answer(int descriptor, const std::uint8_t* request, int length);
    void reply_with(const std::uint8_t* request, int length, const std::vector<std::uint16_t>& inputs);
    bool is_refused(const std::uint8_t* request) const;
    void reply_slowly(int descriptor, const std::uint8_t* request);
    std::string describe(const std::uint8_t* request) const;
    std::vector<std::uint16_t> inputs() const;
    void drop(int descriptor);

    struct Kept {
        std::vector<std::uint8_t> request;
        std::vector<std::uint16_t> inputs;
    };

    modbus_t* context_;
    modbus_mapping_t* mapping_;
    int listening_;
    int stop_[2] = {-1, -1};
    std::vector<int> lines_;
    int other_end_ = -1;
    int port_ = 0;
    std::string device_;

    std::mutex mutex_;
    std::set<int> silent_, refused_;
    bool keep_next_ = false, trickle_next_ = false, hang_up_next_ = false;
    std::optional<Kept> kept_;
    SeenRequests seen_;
    int connections_ = 0;
    std::thread thread_;
};

}  // namespace fieldlink
