#include "daemon/ctl/outbox/file_outbox.hpp"

#include "daemon/ctl/control_connection.hpp"
#include "daemon/ctl/outbox/file_access.hpp"
#include "daemon/message/clock.hpp"
#include "daemon/outbox_tool/outbox_answer.hpp"

namespace fieldlink {

FileOutbox::FileOutbox(const std::string& path) {
    prepare_file_access(path);
    OutboxOptions options;
    options.path = path;
    options.for_tool = true;
    options.boot_id = boot_id();
    options.started = now();
    outbox_ = std::make_unique<Outbox>(options);
    if (!outbox_->trouble().empty()) throw ControlError(outbox_->trouble());
}

std::string FileOutbox::ask(const OutboxRequest& request) {
    return answer(*outbox_, request);
}

std::string FileOutbox::stats() {
    return stats_json(outbox_->stats(), 0);
}

}  // namespace fieldlink
