#include "modbus/test_slave.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <poll.h>
#include <pty.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fieldlink {
namespace {

constexpr int kRegisters = 200;
constexpr int kUnit = 1;

int word(const std::uint8_t* at) {
    return at[0] << 8 | at[1];
}

const char* table_of(int function) {
    switch (function) {
        case MODBUS_FC_READ_COILS:
        case MODBUS_FC_WRITE_SINGLE_COIL:
        case MODBUS_FC_WRITE_MULTIPLE_COILS:
            return "coil";
        case MODBUS_FC_READ_DISCRETE_INPUTS:
            return "discrete";
        case MODBUS_FC_READ_INPUT_REGISTERS:
            return "input";
        default:
            return "holding";
    }
}

bool is_single(int function) {
    return function == MODBUS_FC_WRITE_SINGLE_COIL || function == MODBUS_FC_WRITE_SINGLE_REGISTER;
}

bool is_read(int function) {
    return function <= MODBUS_FC_READ_INPUT_REGISTERS;
}

}  // namespace

std::unique_ptr<TestSlave> TestSlave::on_tcp(int port) {
    modbus_t* context = modbus_new_tcp("127.0.0.1", port);
    const int listening = modbus_tcp_listen(context, 5);
    if (listening < 0) throw std::runtime_error("the slave cannot listen");
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
    std::unique_ptr<TestSlave> slave(new TestSlave(context, listening, -1));
    slave->port_ = ntohs(address.sin_port);
    return slave;
}

std::unique_ptr<TestSlave> TestSlave::on_serial_line() {
    int master = -1, other_end = -1;
    char name[128];
    if (::openpty(&master, &other_end, name, nullptr, nullptr) != 0) throw std::runtime_error("no pseudo terminal");
    modbus_t* context = modbus_new_rtu(name, 115200, 'N', 8, 1);
    modbus_set_slave(context, kUnit);
    std::unique_ptr<TestSlave> slave(new TestSlave(context, -1, master));
    slave->other_end_ = other_end;  // held open, or the line would hang up with each close of the driver
    slave->device_ = name;
    return slave;
}

TestSlave::TestSlave(modbus_t* context, int listening, int line)
    : context_(context),
      mapping_(modbus_mapping_new(kRegisters, kRegisters, kRegisters, kRegisters)),
      listening_(listening) {
    if (line >= 0) lines_.push_back(line);
    if (::pipe(stop_) != 0) throw std::runtime_error("no pipe");
    thread_ = std::thread([this] { run(); });
}

TestSlave::~TestSlave() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    for (const int line : lines_)
        ::close(line);
    if (listening_ >= 0) ::close(listening_);
    if (other_end_ >= 0) ::close(other_end_);
    modbus_set_socket(context_, -1);
    modbus_free(context_);
    modbus_mapping_free(mapping_);
}

void TestSlave::run() {
    for (;;) {
        std::vector<pollfd> waiting{{stop_[0], POLLIN, 0}};
        if (listening_ >= 0) waiting.push_back({listening_, POLLIN, 0});
        const std::size_t first_line = waiting.size();
        for (const int line : lines_)
            waiting.push_back({line, POLLIN, 0});
        ::poll(waiting.data(), waiting.size(), -1);
        if (waiting[0].revents != 0) return;
        for (std::size_t i = first_line; i < waiting.size(); ++i) {
            if (waiting[i].revents != 0) serve(waiting[i].fd);
        }
        if (listening_ >= 0 && waiting[1].revents != 0) accept();
    }
}

void TestSlave::accept() {
    const std::lock_guard lock(mutex_);
    lines_.push_back(::accept(listening_, nullptr, nullptr));
    ++connections_;
}

void TestSlave::serve(int descriptor) {
    std::uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    modbus_set_socket(context_, descriptor);
    const int length = modbus_receive(context_, request);
    if (length < 0 && listening_ >= 0) return drop(descriptor);
    if (length <= 0) return;
    const std::lock_guard lock(mutex_);
    seen_.push_back(describe(request));
    answer(descriptor, request, length);
}

void TestSlave::answer(int descriptor, const std::uint8_t* request, int length) {
    const int unit = request[modbus_get_header_length(context_) - 1];
    if (std::exchange(hang_up_next_, false)) return drop(descriptor);
    if (silent_.count(unit) > 0) return;
    if (std::exchange(trickle_next_, false)) return reply_slowly(descriptor, request);
    if (std::exchange(keep_next_, false)) {
        kept_ = Kept{{request, request + length}, inputs()};
        return;
    }
    if (kept_) reply_with(kept_->request.data(), static_cast<int>(kept_->request.size()), kept_->inputs);
    kept_.reset();
    if (is_refused(request))
        modbus_reply_exception(context_, request, MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS);
    else
        modbus_reply(context_, request, length, mapping_);
}

void TestSlave::reply_with(const std::uint8_t* request, int length, const std::vector<std::uint16_t>& inputs) {
    std::vector<std::uint16_t> current = this->inputs();
    std::copy(inputs.begin(), inputs.end(), mapping_->tab_input_registers);
    modbus_reply(context_, request, length, mapping_);
    std::copy(current.begin(), current.end(), mapping_->tab_input_registers);
}

bool TestSlave::is_refused(const std::uint8_t* request) const {
    const std::uint8_t* pdu = request + modbus_get_header_length(context_);
    const int first = word(pdu + 1), count = word(pdu + 3);
    return is_read(pdu[0]) && std::any_of(refused_.begin(), refused_.end(),
                                          [&](int address) { return address >= first && address < first + count; });
}

/// The right start of a TCP answer, a byte at a time, each well within the time a byte may take.
void TestSlave::reply_slowly(int descriptor, const std::uint8_t* request) {
    const std::uint8_t* pdu = request + 7;
    const int bytes = 2 * word(pdu + 3);
    std::vector<std::uint8_t> reply(static_cast<std::size_t>(9 + bytes));
    std::copy(request, request + 8, reply.begin());
    reply[4] = 0;
    reply[5] = static_cast<std::uint8_t>(3 + bytes);
    reply[8] = static_cast<std::uint8_t>(bytes);
    for (const std::uint8_t byte : reply) {
        if (::send(descriptor, &byte, 1, MSG_NOSIGNAL) != 1) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

std::string TestSlave::describe(const std::uint8_t* request) const {
    const int header = modbus_get_header_length(context_);
    const std::uint8_t* pdu = request + header;
    const int first = word(pdu + 1), count = is_single(pdu[0]) ? 1 : word(pdu + 3);
    std::string text = std::to_string(request[header - 1]) + (is_read(pdu[0]) ? " read " : " write ");
    text += std::string(table_of(pdu[0])) + " " + std::to_string(first);
    return count == 1 ? text : text + "-" + std::to_string(first + count - 1);
}

std::vector<std::uint16_t> TestSlave::inputs() const {
    return {mapping_->tab_input_registers, mapping_->tab_input_registers + kRegisters};
}

void TestSlave::drop(int descriptor) {
    ::close(descriptor);
    lines_.erase(std::remove(lines_.begin(), lines_.end(), descriptor), lines_.end());
}

void TestSlave::set_input(int address, std::uint16_t value) {
    const std::lock_guard lock(mutex_);
    mapping_->tab_input_registers[address] = value;
}

void TestSlave::set_holding(int address, std::uint16_t value) {
    const std::lock_guard lock(mutex_);
    mapping_->tab_registers[address] = value;
}

std::uint16_t TestSlave::holding(int address) {
    const std::lock_guard lock(mutex_);
    return mapping_->tab_registers[address];
}

bool TestSlave::coil(int address) {
    const std::lock_guard lock(mutex_);
    return mapping_->tab_bits[address] != 0;
}

void TestSlave::be_silent_as(int unit) {
    const std::lock_guard lock(mutex_);
    silent_.insert(unit);
}

void TestSlave::answer_as(int unit) {
    const std::lock_guard lock(mutex_);
    silent_.erase(unit);
}

void TestSlave::refuse(int address) {
    const std::lock_guard lock(mutex_);
    refused_.insert(address);
}

void TestSlave::answer_late() {
    const std::lock_guard lock(mutex_);
    keep_next_ = true;
}

void TestSlave::trickle() {
    const std::lock_guard lock(mutex_);
    trickle_next_ = true;
}

void TestSlave::hang_up() {
    const std::lock_guard lock(mutex_);
    hang_up_next_ = true;
}

int TestSlave::connections() {
    const std::lock_guard lock(mutex_);
    return connections_;
}

SeenRequests TestSlave::seen() {
    const std::lock_guard lock(mutex_);
    return std::exchange(seen_, {});
}

}  // namespace fieldlink
