#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/uplink/uplink.hpp"
#include "virtual_loop.hpp"

namespace fieldlink::test {

/// The rest of the daemon: an outbox in memory, whose answers take a turn of the loop as those of the storage thread
/// do, and a record of everything else the uplink says.
class FakeOutbox final : public Uplink::Host {
public:
    explicit FakeOutbox(VirtualLoop& loop) : loop_(loop) {}

    /// A message gw:e1:SEQ with so many bytes of body.
    void owe(std::int64_t seq, std::size_t bytes = 2, const std::string& channel = "fleet/gw/telemetry");
    std::vector<std::int64_t> owed() const;

    std::function<void(std::vector<StoredMessage>)> on_offer;

    /// While set, offers are kept back: the storage thread is busy.
    void keep_offers_back(bool keep);

    std::vector<std::string> commands;  ///< "sender: data"
    std::vector<std::chrono::milliseconds> service_times;
    std::vector<std::vector<std::int64_t>> settled;
    std::vector<UplinkStatus> statuses;
    unsigned takes = 0;
    bool inside_a_call = false;  ///< the test is calling into the uplink, which must not call back then

    void take(std::size_t max_messages, std::size_t max_bytes) override;
    void settle(const std::vector<std::int64_t>& seqs) override;
    void give_back() override;
    void command(std::string_view data, std::string_view from) override;
    void service_time(std::chrono::milliseconds unix_time) override;
    void uplink_changed(const UplinkStatus& status) override;

private:
    void offer(const std::vector<StoredMessage>& messages);
    void hand_out(std::size_t max_messages, std::size_t max_bytes);
    void called() const;

    VirtualLoop& loop_;
    std::map<std::int64_t, StoredMessage> owed_;
    std::set<std::int64_t> taken_;
    bool keeps_offers_back_ = false;
    std::vector<std::vector<StoredMessage>> kept_back_;
};

}  // namespace fieldlink::test
