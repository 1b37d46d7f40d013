#include "tests/bench/server_peer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fieldlink {
namespace {

constexpr std::size_t kBuffer = 4 << 20, kRead = 1 << 20;

std::string accept_value(const std::string& key) {
    const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
    unsigned char base64[32];
    const int size = EVP_EncodeBlock(base64, digest, sizeof digest);
    return std::string(reinterpret_cast<const char*>(base64), static_cast<std::size_t>(size));
}

std::string key_in(const std::string& request) {
    constexpr std::string_view kName = "\r\nsec-websocket-key:";
    std::string lower = request;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto at = lower.find(kName);
    if (at == std::string::npos) throw std::runtime_error("not a WebSocket upgrade: " + request);
    const auto begin = request.find_first_not_of(' ', at + kName.size());
    return request.substr(begin, request.find("\r\n", begin) - begin);
}

std::uint64_t big_endian(const unsigned char* bytes, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | bytes[i];
    return value;
}

}  // namespace

ServerPeer::ServerPeer(int socket) : socket_(socket), buffer_(kBuffer) {
    upgrade();
}

ServerPeer::~ServerPeer() {
    ::close(socket_);
}

void ServerPeer::upgrade() {
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos) {
        char byte = 0;
        if (::recv(socket_, &byte, 1, 0) != 1) throw std::runtime_error("the client left during the upgrade");
        request += byte;
    }
    out_ = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           accept_value(key_in(request)) + "\r\n\r\n";
    flush();
}

bool ServerPeer::receive() {
    if (buffer_.size() - end_ < kRead) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    const ssize_t count = ::recv(socket_, buffer_.data() + end_, std::min(kRead, buffer_.size() - end_), 0);
    if (count <= 0) return false;
    end_ += static_cast<std::size_t>(count);
    return true;
}

std::optional<ServerPeer::Frame> ServerPeer::next() {
    const unsigned char* const bytes = buffer_.data() + begin_;
    const std::size_t available = end_ - begin_;
    if (available < 2) return std::nullopt;
    const bool whole = (bytes[0] & 0x80) != 0, masked = (bytes[1] & 0x80) != 0;
    if (!whole || !masked) throw std::runtime_error("a frame that is fragmented or not masked");
    const unsigned length = bytes[1] & 0x7fu;
    const std::size_t extended = length == 127 ? 8 : length == 126 ? 2 : 0;
    const std::size_t header = 2 + extended + sizeof key_;
    if (available < header) return std::nullopt;
    const std::size_t size = extended ? big_endian(bytes + 2, extended) : length;
    if (size > kBuffer - kRead - header) throw std::runtime_error("a frame larger than the buffer");
    if (available < header + size) return std::nullopt;
    std::memcpy(key_, bytes + 2 + extended, sizeof key_);
    payload_ = begin_ + header;
    payload_size_ = size;
    begin_ += header + size;
    head_ = unmasked(0, std::min(kEnd, size));
    tail_ = unmasked(size - std::min(kEnd, size), size);
    return Frame{static_cast<Kind>(bytes[0] & 0x0f), size, head_, tail_};
}

std::string ServerPeer::payload() const {
    return unmasked(0, payload_size_);
}

std::string ServerPeer::unmasked(std::size_t from, std::size_t to) const {
    std::string text(to - from, '\0');
    for (std::size_t i = from; i < to; ++i)
        text[i - from] = static_cast<char>(buffer_[payload_ + i] ^ key_[i % sizeof key_]);
    return text;
}

void ServerPeer::queue(Kind kind, std::string_view payload) {
    out_ += static_cast<char>(0x80 | static_cast<unsigned>(kind));
    if (payload.size() < 126) {
        out_ += static_cast<char>(payload.size());
    } else {
        out_ += static_cast<char>(126);
        out_ += static_cast<char>(payload.size() >> 8);
        out_ += static_cast<char>(payload.size() & 0xff);
    }
    out_ += payload;
}

/// A client that has gone is seen by receive().
void ServerPeer::flush() {
    std::size_t sent = 0;
    while (sent < out_.size()) {
        const ssize_t count = ::send(socket_, out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        sent += static_cast<std::size_t>(count);
    }
    out_.clear();
}

}  // namespace fieldlink
