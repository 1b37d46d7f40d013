#pragma once

#include <memory>

#include "daemon/ctl/outbox/outbox_source.hpp"
#include "storage/outbox.hpp"

namespace fieldlink {

/// An outbox file without its daemon.
class FileOutbox : public OutboxSource {
public:
    /// Opens an existing file; see open_outbox().
    explicit FileOutbox(const std::string& path);

    std::string ask(const OutboxRequest& request) override;
    std::string stats() override;
    std::optional<std::uint64_t> replay_owed() override { return std::nullopt; }

private:
    std::unique_ptr<Outbox> outbox_;
};

}  // namespace fieldlink
