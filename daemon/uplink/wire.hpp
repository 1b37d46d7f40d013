#pragma once

#include <cstdint>
#include <string>

#include "daemon/uplink/token_bucket.hpp"
#include "daemon/uplink/transport.hpp"

namespace fieldlink {

/// The way out over one link's connections: every frame passes here, so that all of them count against the service's
/// rate, and all requests have numbers of their own for the life of the process. [net thread]
class Wire {
public:
    Wire(Transport& transport, const RateConfig& rate) : transport_(transport), bucket_(rate) {}

    /// Never the same twice on this link, whatever connection it is for.
    std::uint64_t new_request() { return ++last_request_; }

    /// Sends now; whoever can wait asks bucket() first. A frame that was not sent costs nothing.
    Transport::Sent send(std::string frame, Instant now) {
        const auto sent = transport_.send(std::move(frame));
        if (sent == Transport::Sent::queued) bucket_.take(now);
        return sent;
    }

    std::size_t unsent_bytes() const { return transport_.unsent_bytes(); }

    TokenBucket& bucket() { return bucket_; }

private:
    Transport& transport_;
    TokenBucket bucket_;
    std::uint64_t last_request_ = 0;
};

}  // namespace fieldlink
