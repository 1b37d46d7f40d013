#include "tests/support/modbus_slave/codec.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <sys/socket.h>
#include <unistd.h>

namespace fieldlink {

Codec::Codec(Framing framing)
    : framing_(framing),
      context_(framing == Framing::tcp ? modbus_new_tcp("127.0.0.1", 502)
                                       : modbus_new_rtu("/dev/null", 9600, 'N', 8, 1)) {
    std::array<int, 2> pair{};
    if (!context_ || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot set up libmodbus");
    }
    ours_ = pair[0];
    theirs_ = pair[1];
    modbus_set_socket(context_.get(), theirs_);
    // A malformed request makes libmodbus sleep for this long before it answers.
    modbus_set_response_timeout(context_.get(), 0, 1000);
    // Whole frames come in, so there is nothing to wait for when one is shorter than its function code promises.
    modbus_set_byte_timeout(context_.get(), 0, 1000);
    modbus_set_indication_timeout(context_.get(), 0, 1000);
}

Codec::~Codec() {
    ::close(ours_);
    ::close(theirs_);
}

Bytes Codec::answer(const Bytes& request, modbus_mapping_t* mapping, int exception) {
    read_back();  // what an earlier, damaged request may have left
    modbus_set_slave(context_.get(), request[function_offset(framing_) - 1]);
    if (::send(ours_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
        throw std::system_error(errno, std::generic_category(), "cannot hand a request to libmodbus");
    }
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> received{};
    const int size = modbus_receive(context_.get(), received.data());
    if (size <= 0) return {};
    if (exception != 0) {
        modbus_reply_exception(context_.get(), received.data(), static_cast<unsigned>(exception));
    } else {
        modbus_reply(context_.get(), received.data(), size, mapping);
    }
    return read_back();
}

Bytes Codec::read_back() {
    Bytes answer(MODBUS_TCP_MAX_ADU_LENGTH);
    const ssize_t size = ::recv(ours_, answer.data(), answer.size(), MSG_DONTWAIT);
    answer.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return answer;
}

}  // namespace fieldlink
