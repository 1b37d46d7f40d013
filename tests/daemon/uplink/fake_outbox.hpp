#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/uplink/coalescer.hpp"
#include "daemon/uplink/uplink.hpp"
#include "virtual_loop.hpp"

namespace fieldlink::test {

/// The rest of the daemon: an outbox in memory, whose answers take a turn of the loop as those of the storage thread
/// do, and a record of everything else the uplink says.
class FakeOutbox final : public Uplink::Host {
public:
    explicit FakeOutbox(VirtualLoop& loop) : loop_(loop) {}

    /// With so many bytes of body, no two messages fit into one frame.
    static constexpr std::size_t kFillsAFrame = 33'000;

    /// An owed message's place in the outbox is not its number.
    static std::int64_t position_of(std::int64_t seq) { return seq + 1'000'000; }

    /// A message gw:e1:SEQ with so many bytes of body. They are handed out by their numbers, lowest first.
    void owe(std::int64_t seq, std::size_t bytes = kFillsAFrame, const std::string& channel = "fleet/gw/telemetry");
    /// One of that kind. Of readings so many, each of one sensor of its own: s0, s1, …; `bytes` are each one's then.
    void owe_kind(std::int64_t seq, Kind kind, std::size_t bytes, const std::string& channel = "fleet/gw/telemetry");
    void owe_readings(std::int64_t seq, std::uint32_t readings, std::size_t bytes,
                      const std::string& channel = "fleet/gw/telemetry");
    void add_reading(std::int64_t seq, const std::string& sensor, std::size_t bytes);
    std::vector<std::int64_t> owed() const;

    /// Gives one up for space, as the drop policy does.
    void drop(std::int64_t seq);

    /// So many are with the uplink.
    std::size_t taken() const { return taken_.size(); }

    std::function<void(std::vector<StoredMessage>)> on_offer;

    /// While set, offers are kept back: the storage thread is busy.
    void keep_offers_back(bool keep);

    std::vector<std::string> commands, directs;  ///< "sender: data"
    std::vector<std::chrono::milliseconds> service_times;
    std::vector<std::chrono::seconds> verified_times;
    std::vector<std::vector<std::int64_t>> settled;                                 ///< the numbers, call by call
    std::optional<std::chrono::milliseconds> offset{std::chrono::milliseconds(0)};  ///< what is known of the true time
    std::vector<std::vector<std::int64_t>> given_back;  ///< the numbers, call by call, in order
    std::vector<std::vector<std::int64_t>> ended;       ///< the same of what connections gave back as they ended
    std::vector<RefusedMessage> refused;                ///< for good; `position` is the number here
    std::vector<UplinkStatus> statuses;
    unsigned takes = 0;
    bool inside_a_call = false;  ///< the test is calling into the uplink, which must not call back then

    void take(std::size_t max_messages, std::size_t max_bytes, Urgency urgency) override;
    void settle(const std::vector<std::int64_t>& positions) override;
    void give_back(const std::vector<std::int64_t>& positions) override;
    void connection_ended(const std::vector<std::int64_t>& given_back) override;
    void refuse(const std::vector<RefusedMessage>& messages) override;
    void command(std::string_view data, std::string_view from) override;
    void direct(std::string_view data, std::string_view from) override;
    void service_time(std::chrono::milliseconds unix_time) override;
    std::optional<std::chrono::milliseconds> true_offset() override { return offset; }
    CertificateTime certificate_time() override { return {}; }
    void verified_time(std::chrono::seconds server_time, std::chrono::seconds) override {
        verified_times.push_back(server_time);
    }
    void uplink_changed(const UplinkStatus& status) override;

private:
    void offer(const std::vector<StoredMessage>& messages);
    void hand_out(std::size_t max_messages, std::size_t max_bytes, Urgency urgency);
    void called() const;
    static std::vector<std::int64_t> numbers(const std::vector<std::int64_t>& positions);
    void untake(const std::vector<std::int64_t>& seqs);

    VirtualLoop& loop_;
    std::map<std::int64_t, StoredMessage> owed_;
    std::set<std::int64_t> taken_;
    bool keeps_offers_back_ = false;
    std::vector<std::vector<StoredMessage>> kept_back_;
};

}  // namespace fieldlink::test
