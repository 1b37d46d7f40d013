#pragma once

#include <deque>
#include <string>

#include <gmock/gmock.h>

#include "fieldlinkctl_fixture.hpp"

namespace fieldlink {

/// Entry 419 is owed, an even one delivered, and all have one reading.
inline std::string entry(int seq, const std::string& more = R"("damaged":false)") {
    return R"({"seq":)" + std::to_string(seq) +
           R"(,"epoch":"9f1c2e7a","channel":"fleet/gw/telemetry","kind":"readings","ts":1764000000000,"readings":1,"owed":)" +
           (seq % 2 ? "true" : "false") + R"(,"replayed":false,)" + more + "}";
}

inline std::string with_body(int seq) {
    const std::string number = std::to_string(seq);
    return entry(seq, R"("damaged":false,"message":{"messageId":"gw:9f1c2e7a:)" + number + R"(","seq":)" + number +
                          R"(,"readings":[{"sensor":"b","ts":1764000000120,"values":{"t":71.50}}]})");
}

inline std::string page(const std::string& entries, int next, bool end) {
    return R"({"ok":true,"entries":[)" + entries + R"(],"next":)" + std::to_string(next) + R"(,"end":)" +
           (end ? "true}" : "false}");
}

/// A daemon whose answers are a script, which must be used up.
class FieldlinkctlOutbox : public Fieldlinkctl {
protected:
    FieldlinkctlOutbox() { answers_at_once_ = true; }
    ~FieldlinkctlOutbox() override {
        stop();
        EXPECT_THAT(answers_, testing::IsEmpty());
    }

    std::string outbox_answer(const OutboxRequest&) override {
        if (answers_.empty()) return R"({"ok":false,"error":"the script has no answer left"})";
        const std::string answer = answers_.front();
        answers_.pop_front();
        return answer;
    }

    /// Of several statuses each is given once, and the last one from then on.
    std::string status_json() override {
        ++status_asked_;
        const std::string status = statuses_.front();
        if (statuses_.size() > 1) statuses_.pop_front();
        return status;
    }

    static std::string replaying(int owed) {
        return R"({"outbox":{"last_seq":100,"replay_owed_messages":)" + std::to_string(owed) + "}}";
    }

    std::deque<std::string> answers_;
    std::deque<std::string> statuses_{replaying(0)};
    int status_asked_ = 0;
};

}  // namespace fieldlink
