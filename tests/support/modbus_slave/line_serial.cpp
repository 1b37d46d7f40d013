#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <system_error>

#include <modbus/modbus.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "tests/support/modbus_slave/line.hpp"

namespace fieldlink {
namespace {

constexpr std::chrono::milliseconds kRetry{10};

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

termios pty_settings() {
    termios settings{};
    cfmakeraw(&settings);
    cfsetspeed(&settings, B50);
    return settings;
}

int open_serial(const std::string& path, int baud, char parity) {
    modbus_t* context = modbus_new_rtu(path.c_str(), baud, parity, 8, 1);
    if (context == nullptr || modbus_connect(context) != 0) fail("cannot open the serial line " + path);
    const int descriptor = dup(modbus_get_socket(context));
    modbus_close(context);
    modbus_free(context);
    if (descriptor < 0) fail("cannot keep the serial line " + path);
    return descriptor;
}

}  // namespace

PtyLine::PtyLine(Service service, std::string link) : service_(service), link_(std::move(link)), retry_(service.io) {
    open();
    listen();
}

PtyLine::~PtyLine() {
    std::error_code ignored;
    std::filesystem::remove(link_, ignored);
    ::close(master_);
}

void PtyLine::open() {
    int other = -1;
    std::array<char, PATH_MAX> name{};
    const termios settings = pty_settings();
    if (openpty(&master_, &other, name.data(), &settings, nullptr) != 0) fail("cannot open a pseudo terminal");
    // Kept closed: a device that a killed process had locked for itself must become free again.
    ::close(other);
    std::error_code ignored;
    std::filesystem::remove(link_, ignored);
    std::filesystem::create_symlink(name.data(), link_);
}

void PtyLine::listen() {
    const auto hung_up = [this](const std::shared_ptr<Session>&) { on_hang_up(); };
    session_ =
        std::make_shared<Session>(service_.io, dup(master_), Framing::rtu, service_.slave, service_.log, hung_up);
    session_->start();
}

void PtyLine::on_hang_up() {
    // A pseudo terminal has no parity bit. Whoever asks for one is refused if that would have been the only change, so
    // the settings of the one before must not stay.
    const termios settings = pty_settings();
    tcsetattr(master_, TCSANOW, &settings);
    retry_.expires_after(kRetry);
    retry_.async_wait([this](boost::system::error_code error) {
        if (!error) listen();
    });
}

std::string PtyLine::where() const {
    return R"("rtu":")" + link_ + "\"";
}

void PtyLine::cut() {
    session_->close();
    ::close(master_);
    open();
}

SerialLine::SerialLine(Service service, std::string path, int baud, char parity)
    : path_(std::move(path)),
      session_(std::make_shared<Session>(service.io, open_serial(path_, baud, parity), Framing::rtu, service.slave,
                                         service.log, [](const std::shared_ptr<Session>&) {})) {
    session_->start();
}

std::string SerialLine::where() const {
    return R"("rtu":")" + path_ + "\"";
}

}  // namespace fieldlink
