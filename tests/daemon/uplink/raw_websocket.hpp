#pragma once

#include <array>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/sha.h>

namespace fieldlink::test {

/// The answer that takes this request for an upgrade.
inline std::string upgrade_answer(const std::string& request) {
    constexpr std::string_view kName = "Sec-WebSocket-Key: ";
    const std::size_t begin = request.find(kName) + kName.size();
    const std::string key =
        request.substr(begin, request.find("\r\n", begin) - begin) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
    std::array<unsigned char, 32> accept{};
    EVP_EncodeBlock(accept.data(), digest.data(), SHA_DIGEST_LENGTH);
    return "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           std::string(reinterpret_cast<const char*>(accept.data())) + "\r\n\r\n";
}

constexpr int kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9;

/// A frame as a server sends it.
inline std::string frame(int opcode, const std::string& payload, bool final = true) {
    std::string bytes(1, static_cast<char>((final ? 0x80 : 0) | opcode));
    const std::size_t size = payload.size();
    const int shifts = size < 126 ? 0 : size < 65'536 ? 2 : 8;
    bytes += static_cast<char>(shifts == 0 ? size : shifts == 2 ? 126 : 127);
    for (int byte = shifts - 1; byte >= 0; --byte)
        bytes += static_cast<char>(size >> (8 * byte) & 0xFF);
    return bytes + payload;
}

}  // namespace fieldlink::test
