#include <algorithm>
#include <utility>

#include "storage/outbox_core.hpp"

namespace fieldlink {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kRetryWrite{1'000}, kRetryRead{1'000};
constexpr milliseconds kDeferredFor{2'000};  // an ack usually comes sooner, and nothing needs to be written
constexpr milliseconds kSyncEvery{30'000};   // under DurabilityMode::process, what a power cut costs at most
constexpr milliseconds kTendEvery{500};
constexpr milliseconds kCommitEvery{30'000};  // of counts and losses that no message takes along
constexpr unsigned kFailuresBeforeReopen = 3, kFailuresBeforeReplace = 5;

Epoch epoch_of(const OutboxOptions& options) {
    Epoch epoch;
    epoch.gateway = options.gateway;
    epoch.boot_id = options.boot_id;
    epoch.started = options.started;
    return epoch;
}

}  // namespace

OutboxCore::OutboxCore(const OutboxOptions& options)
    : options_(options),
      numbering_(epoch_of(options)),
      sending_(options.live_first, numbering_.last_position()),
      now_(options.started) {
    open();
}

OutboxCore::~OutboxCore() {
    close();
}

/// There may be no later.
void OutboxCore::try_at_once() {
    try_again_ = milliseconds(0);
    if (!log_ && !options_.for_tool) open();
}

/// So that the next start need not look for damage.
void OutboxCore::close() {
    try_at_once();
    if (!buffer_.empty() && !write()) return;
    if (!log_) return;
    if (options_.for_tool && has_deferred_losses()) return static_cast<void>(attempt([this] { commit({}); }));
    log_->ledger.used(Numbering::is_detached(numbering_.last_position()) ? 0 : numbering_.last_position());
    log_->ledger.reserve(0);
    attempt([this] { commit({}, {}, true); });
}

CommitParts OutboxCore::commit_parts() {
    const milliseconds keep = options_.for_tool ? milliseconds::max() : options_.keep_delivered;
    return {*log_, numbering_, buffer_, gaps_, sending_, refusals_, options_.boot_id, keep};
}

/// Commits all that is in the buffer. False if that failed, or if it is not yet time to try again.
bool OutboxCore::write() {
    if (buffer_.empty()) return trouble_.empty();
    if (!log_ || (!trouble_.empty() && now_.boot < try_again_)) return false;
    if (attempt([this] { commit_buffer(); })) return true;
    // The file was damaged, and is another one now.
    return log_ && trouble_.empty() && attempt([this] { commit_buffer(); });
}

void OutboxCore::commit_buffer() {
    while (!buffer_.empty())
        commit(buffer_.first(Outbox::kMaxAppendBytes));
}

void OutboxCore::commit(const Commit::Chunk& chunk, const Commit::Extra& extra, bool closes) {
    for (auto outcome = Commit::Outcome::again; outcome == Commit::Outcome::again;) {
        Commit commit(commit_parts(), now_);
        outcome = commit.run(chunk, extra, closes);
        note_pressure(commit);
        unsaved_acks_.clear();
        commit_due_ = now_.boot + kCommitEvery;
    }
}

void OutboxCore::note_pressure(const Commit& commit) {
    if (commit.pressed()) {
        pressed_ = true;
        is_closed_to_new_ = options_.when_full == DropPolicy::newest;
        relief_ = 0;
    } else if (commit.relieved() && pressed_) {
        relieve(options_.max_bytes);
    }
}

bool OutboxCore::attempt(const std::function<void()>& work) {
    try {
        work();
    } catch (const StorageError& error) {
        failed(error);
        return false;
    }
    trouble_.clear();
    failures_ = 0;
    return true;
}

void OutboxCore::failed(const StorageError& error) {
    ++failures_;
    trouble_ = error.what();
    try_again_ = now_.boot + kRetryWrite;
    if (error.fault() == StorageFault::replace) return replace_file();
    const bool is_gone = error.fault() == StorageFault::reopen && failures_ >= kFailuresBeforeReopen;
    if (is_gone || error.fault() == StorageFault::refuse) detach();
}

/// A place that cannot be read time and again is damage: what lies behind it must not wait for ever.
void OutboxCore::note_reading_failed(const StorageError& error) {
    is_readable_ = false;
    read_again_ = now_.boot + kRetryRead;
    read_trouble_ = error.what();
    const bool is_damage = error.fault() == StorageFault::replace || ++read_failures_ >= kFailuresBeforeReplace;
    if (!is_damage) return;
    note_reading_works();
    trouble_ = error.what();
    replace_file();
}

void OutboxCore::note_reading_works() {
    is_readable_ = true;
    read_failures_ = 0;
    read_trouble_.clear();
}

void OutboxCore::open() {
    try_again_ = now_.boot + kRetryOpen;
    try {
        OutboxFile file = open_file();
        if (unnoted_.empty() && !options_.for_tool) find_forgotten(*file.database);
        // The new file that was to follow a damaged one may have come only now.
        attach(std::move(file), !unnoted_.empty());
        trouble_.clear();
    } catch (const StorageError& error) {
        detach();
        trouble_ = error.what();
        if (error.fault() == StorageFault::replace) replace_file();
    }
}

OutboxFile OutboxCore::open_file() const {
    if (options_.for_tool) return open_for_tool(options_.path);
    return open_outbox_file(options_.path, options_.max_bytes, options_.durability);
}

void OutboxCore::remark(const std::string& text) {
    remark_ += remark_.empty() ? text : "; " + text;
}

void OutboxCore::attach(OutboxFile file, bool is_new) {
    const bool is_too_long = !options_.for_tool && file.is_too_long();
    log_ = std::make_unique<Log>(std::move(file), options_.when_full, options_.boot_id, numbering_.channels);
    if (!is_new && !options_.for_tool) resume_salvage();
    continue_numbers(is_new);
    if (options_.gateway.empty()) numbering_.name_gateway(log_->epochs.last_gateway());
    if (is_too_long) shrink();
    if (is_new) keep_salvage();
    if (true_offset_) log_->boots.set(*true_offset_);
    for (const auto& [reason, readings] : std::exchange(memory_dropped_, {}))
        log_->ledger.lost_before_append(readings, reason);
    log_->ledger.acked_in_memory(std::exchange(memory_acked_, 0));
    is_readable_ = true;
    failures_ = 0;
    forget_what_is_stored();
    sending_.look_again();
    settle_again();
}

/// A commit that failed may have been done: opening the file again shows it.
void OutboxCore::forget_what_is_stored() {
    for (const std::int64_t position : buffer_.positions()) {
        const Epoch* stored = log_->is_owed(position) ? log_->epochs.of(position) : nullptr;
        if (stored && stored->name == buffer_.find(position)->number.epoch->name) buffer_.erase(position);
    }
}

/// The file that was opened again does not know of acks that came since its last commit.
void OutboxCore::settle_again() {
    for (const std::int64_t position : std::exchange(unsaved_acks_, {}))
        settle(position);
}

/// The limit was lowered.
void OutboxCore::shrink() {
    commit({});
    OutboxFile file{std::move(log_->database), log_->budget};
    log_.reset();
    file = compact(std::move(file), options_.durability);
    log_ = std::make_unique<Log>(std::move(file), options_.when_full, options_.boot_id, numbering_.channels);
    gaps_.freeze_all();
}

void OutboxCore::detach() {
    log_.reset();
    read_trouble_.clear();
}

milliseconds OutboxCore::tend(Stamp now) {
    now_ = now;
    if (!log_ && now_.boot >= try_again_) open();
    const bool reads_again = log_ && !is_readable_ && now_.boot >= read_again_;
    if (reads_again) is_readable_ = true;
    if (log_ && !trouble_.empty() && now_.boot >= try_again_) {
        if (buffer_.empty())
            attempt([this] { commit({}); });
        else
            write();
    }
    const auto oldest = buffer_.oldest();
    if (log_ && oldest && now_.boot - *oldest >= kDeferredFor) write();
    if (options_.durability == DurabilityMode::process && now_.boot >= sync_due_) sync();
    if (now_.boot >= commit_due_) commit_acks();
    if (salvage_ && log_ && trouble_.empty()) salvage();
    const bool has_more = reads_again || (salvage_ && log_ && trouble_.empty());
    return has_more ? milliseconds(0) : kTendEvery;
}

void OutboxCore::sync() {
    sync_due_ = now_.boot + kSyncEvery;
    if (log_) attempt([this] { sync_wal(options_.path); });
}

}  // namespace fieldlink
