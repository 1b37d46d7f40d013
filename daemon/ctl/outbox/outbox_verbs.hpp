#pragma once

#include <ostream>
#include <string>

#include "daemon/ctl/outbox/outbox_source.hpp"
#include "daemon/ctl/outbox/selection.hpp"

/// The verbs of `fieldlinkctl outbox`. Each returns the exit status; throws ControlError if it could not be done and
/// UsageError if it cannot be meant.
namespace fieldlink {

struct OutboxVerbOptions {
    OutboxPlace place;
    Selection selection;
    bool json = false;
    std::size_t limit = 0;      ///< list: at most so many; 0: 20 of the newest, or all that were selected
    std::int64_t show_seq = 0;  ///< show
    std::string format = "jsonl";
    std::string output;    ///< export: a file; empty: standard output
    bool no_wait = false;  ///< replay: do not watch until they were delivered
    bool delivered_only = false;
    bool yes = false;  ///< purge without asking
};

int run_outbox_stats(const OutboxVerbOptions& options, std::ostream& out);
int run_outbox_list(const OutboxVerbOptions& options, std::ostream& out);
int run_outbox_show(const OutboxVerbOptions& options, std::ostream& out);
int run_outbox_export(const OutboxVerbOptions& options, std::ostream& out);
int run_outbox_replay(const OutboxVerbOptions& options, std::ostream& out);
int run_outbox_purge(const OutboxVerbOptions& options, std::ostream& out);

}  // namespace fieldlink
