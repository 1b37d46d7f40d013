#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fieldlink {

/// The service's side of one WebSocket, as cheap as it gets, so that it is never what a measurement shows: of a frame
/// only the two ends are unmasked, and all answers to one read leave in one write. It takes what a sound client sends
/// over the loopback; what it does not understand ends the program by an exception.
class ServerPeer {
public:
    enum class Kind : std::uint8_t { text = 1, close = 8, ping = 9, pong = 10 };

    /// Valid until the next receive().
    struct Frame {
        Kind kind;
        std::size_t size;             ///< of the payload
        std::string_view head, tail;  ///< at most kEnd bytes from either end
    };
    static constexpr std::size_t kEnd = 192;

    /// Answers the upgrade. Owns `socket`, which is blocking.
    explicit ServerPeer(int socket);
    ~ServerPeer();
    ServerPeer(const ServerPeer&) = delete;
    ServerPeer& operator=(const ServerPeer&) = delete;

    int socket() const { return socket_; }

    /// Reads once. False: the client has gone.
    bool receive();

    /// The next whole frame of what was received.
    std::optional<Frame> next();

    /// The payload of the frame that next() returned last.
    std::string payload() const;

    void queue_text(std::string_view text) { queue(Kind::text, text); }
    void queue(Kind kind, std::string_view payload);
    void flush();

private:
    void upgrade();
    std::string unmasked(std::size_t from, std::size_t to) const;

    int socket_;
    std::vector<unsigned char> buffer_;
    std::size_t begin_ = 0, end_ = 0;             ///< what was received and not parsed
    std::size_t payload_ = 0, payload_size_ = 0;  ///< of the last frame, in buffer_
    unsigned char key_[4] = {};
    std::string head_, tail_, out_;
};

}  // namespace fieldlink
