#include <bitset>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <modbus/modbus.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "drivers/modbus/line.hpp"
#include "drivers/modbus/serial_port.hpp"
#include "drivers/modbus/tcp_socket.hpp"

/// The only file that knows libmodbus.
namespace fieldlink {
namespace {

using std::chrono::milliseconds;

struct FailureRow {
    int error;
    Answer answer;
    std::uint32_t code;
    const char* why;
};

// clang-format off
constexpr FailureRow kFailures[] = {
    {EMBXILFUN,   Answer::refused, FL_CODE_REFUSED,         "the device does not know this function"},
    {EMBXILADD,   Answer::refused, FL_CODE_ILLEGAL_ADDRESS, "the device has no such address"},
    {EMBXILVAL,   Answer::refused, FL_CODE_ILLEGAL_VALUE,   "the device refuses the value"},
    {EMBXSFAIL,   Answer::refused, FL_CODE_DEVICE_FAILURE,  "the device reports a failure"},
    {EMBXNACK,    Answer::refused, FL_CODE_DEVICE_FAILURE,  "the device cannot do that now"},
    {EMBXMEMPAR,  Answer::refused, FL_CODE_DEVICE_FAILURE,  "the device's memory is damaged"},
    {EMBXACK,     Answer::silent,  FL_CODE_DEVICE_FAILURE,  "the device needs more time"},
    {EMBXSBUSY,   Answer::silent,  FL_CODE_DEVICE_FAILURE,  "the device is busy"},
    {EMBXGPATH,   Answer::silent,  FL_CODE_DISCONNECTED,    "the Modbus gateway cannot reach the device's line"},
    {EMBXGTAR,    Answer::silent,  FL_CODE_TIMEOUT,         "the Modbus gateway got no answer from the device"},
    {EMBBADCRC,   Answer::silent,  FL_CODE_CRC,             "the checksum is wrong; noise on the line?"},
    {EMBBADDATA,  Answer::silent,  FL_CODE_BAD_FRAME,       "what came back does not answer the request"},
    {EMBBADEXC,   Answer::silent,  FL_CODE_BAD_FRAME,       "an unknown exception came back"},
    {EMBUNKEXC,   Answer::silent,  FL_CODE_BAD_FRAME,       "an unknown exception came back"},
    {EMBMDATA,    Answer::silent,  FL_CODE_BAD_FRAME,       "more came back than was asked for"},
    {EMBBADSLAVE, Answer::silent,  FL_CODE_BAD_FRAME,       "another unit answered"},
};
// clang-format on

Exchange failed(int error) {
    for (const FailureRow& row : kFailures) {
        if (row.error == error) return {row.answer, row.code, row.why};
    }
    return {Answer::gone, FL_CODE_DISCONNECTED, std::strerror(error)};
}

/// An exception is an answer to this very request; after anything else, more of the wrong answer may still come.
bool is_exception(int error) {
    return error > MODBUS_ENOBASE && error <= EMBXGTAR;
}

int read_table(modbus_t* context, const Range& range, Data& data) {
    const int address = static_cast<int>(range.address);
    const int count = static_cast<int>(range.count);
    switch (range.table) {
        case Table::coil:
            return modbus_read_bits(context, address, count, data.bits.data());
        case Table::discrete:
            return modbus_read_input_bits(context, address, count, data.bits.data());
        case Table::input:
            return modbus_read_input_registers(context, address, count, data.registers.data());
        case Table::holding:
            break;
    }
    return modbus_read_registers(context, address, count, data.registers.data());
}

int write_table(modbus_t* context, const Range& range, const Data& data) {
    const int address = static_cast<int>(range.address);
    const int count = static_cast<int>(range.count);
    if (range.table == Table::coil)
        return count == 1 ? modbus_write_bit(context, address, data.bits[0])
                          : modbus_write_bits(context, address, count, data.bits.data());
    return count == 1 ? modbus_write_register(context, address, data.registers[0])
                      : modbus_write_registers(context, address, count, data.registers.data());
}

/// What TCP and serial lines have in common. They differ in how a line is opened, made sure of before a request, and
/// brought back into step after a failure.
class LibmodbusLine : public Line {
public:
    explicit LibmodbusLine(modbus_t* context) : context_(context, modbus_free) {
        if (!context) throw std::runtime_error(std::string("libmodbus refuses the bus: ") + modbus_strerror(errno));
        // Without a timeout of its own for each byte, the response timeout bounds the whole answer: a device that
        // trickles one byte at a time cannot hold the line.
        modbus_set_byte_timeout(context, 0, 0);
    }
    ~LibmodbusLine() override { modbus_close(context()); }

    void close() override { modbus_close(context()); }

    Exchange read(const Target& target, const Range& range, Data& data) override {
        return transact(target, [&] { return read_table(context(), range, data); });
    }
    Exchange write(const Target& target, const Range& range, const Data& data) override {
        return transact(target, [&] { return write_table(context(), range, data); });
    }
    bool doubts(unsigned) const override { return false; }
    void trust(unsigned) override {}

protected:
    /// Makes sure that the next thing to arrive can only be the answer to the next request.
    virtual Exchange prepare() = 0;
    /// After `unit` gave no answer or a wrong one.
    virtual void lose_step(unsigned unit) = 0;

    modbus_t* context() const { return context_.get(); }
    int descriptor() const { return modbus_get_socket(context()); }
    /// libmodbus waits by select(), which writes beyond its set for larger descriptors.
    bool is_too_large(int descriptor) const { return descriptor >= FD_SETSIZE; }

private:
    template <class Call>
    Exchange transact(const Target& target, Call call) {
        Exchange ready = prepare();
        if (ready.answer != Answer::given) return ready;
        const auto microseconds = std::chrono::microseconds(target.timeout).count();
        modbus_set_response_timeout(context(), static_cast<std::uint32_t>(microseconds / 1'000'000),
                                    static_cast<std::uint32_t>(microseconds % 1'000'000));
        modbus_set_slave(context(), static_cast<int>(target.unit));
        if (call() >= 0) return {};
        const int error = errno;
        if (!is_exception(error)) lose_step(target.unit);
        if (error != ETIMEDOUT) return failed(error);
        return {Answer::silent, FL_CODE_TIMEOUT, "no answer in " + std::to_string(target.timeout.count()) + " ms"};
    }

    std::unique_ptr<modbus_t, void (*)(modbus_t*)> context_;
};

/// A connection is thrown away whenever something on it is late or wrong: a new one starts with nothing under way.
class TcpLine : public LibmodbusLine {
public:
    TcpLine(const TcpAddress& address, milliseconds timeout)
        : LibmodbusLine(modbus_new_tcp_pi(address.host.c_str(), address.port.c_str())),
          address_(address),
          timeout_(timeout) {}

    Outcome open() override {
        std::string why_not;
        const int socket = connect_tcp(address_, timeout_, why_not);
        const std::string where = address_.host + " port " + address_.port + ": ";
        if (is_too_large(socket)) {
            ::close(socket);
            return Outcome::gone(FL_CODE_DISCONNECTED, where + "too many files are open");
        }
        if (socket < 0) return Outcome::gone(FL_CODE_DISCONNECTED, where + why_not);
        modbus_set_socket(context(), socket);
        return Outcome::ok();
    }

private:
    /// Many devices close an idle connection; that is no failure, it is opened again.
    Exchange prepare() override {
        if (descriptor() >= 0 && is_quiet(descriptor())) return {};
        close();
        const Outcome opened = open();
        if (opened.status == FL_OK) return {};
        return {Answer::gone, opened.code, opened.message};
    }
    void lose_step(unsigned) override { close(); }

    TcpAddress address_;
    milliseconds timeout_;
};

/// Frames on a serial line have no numbers, so an answer that is late may look like the next one: what arrived before a
/// request is thrown away, and a unit that was late is doubted.
class SerialLine : public LibmodbusLine {
public:
    explicit SerialLine(const SerialSettings& settings)
        : LibmodbusLine(modbus_new_rtu(settings.device.c_str(), settings.baud, settings.parity, 8, settings.stop_bits)),
          settings_(settings) {}

    Outcome open() override {
        if (modbus_connect(context()) != 0)
            return Outcome::gone(FL_CODE_DISCONNECTED, explain_open_failure(settings_.device, errno));
        if (is_too_large(descriptor())) {
            close();
            return Outcome::gone(FL_CODE_DISCONNECTED, settings_.device + ": too many files are open");
        }
        noisy_ = true;
        return Outcome::ok();
    }
    bool doubts(unsigned unit) const override { return doubted_[unit]; }
    void trust(unsigned unit) override { doubted_[unit] = false; }

private:
    Exchange prepare() override {
        if (descriptor() < 0) return failed(EBADF);
        if (noisy_) drain(descriptor(), settings_);
        noisy_ = false;
        ::tcflush(descriptor(), TCIFLUSH);
        return {};
    }
    void lose_step(unsigned unit) override {
        noisy_ = true;
        doubted_[unit] = true;
    }

    SerialSettings settings_;
    bool noisy_ = false;
    std::bitset<256> doubted_;
};

}  // namespace

std::unique_ptr<Line> make_tcp_line(const TcpAddress& address, milliseconds timeout) {
    return std::make_unique<TcpLine>(address, timeout);
}

std::unique_ptr<Line> make_serial_line(const SerialSettings& settings) {
    return std::make_unique<SerialLine>(settings);
}

}  // namespace fieldlink
