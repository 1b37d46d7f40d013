#include <cctype>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/uplink/link_states.hpp"
#include "daemon/uplink/reactions.hpp"

namespace fieldlink {
namespace {

using testing::Contains;
using testing::StartsWith;
using testing::UnorderedElementsAreArray;
using Texts = std::vector<std::string>;

/// An item of a list in the manual: its head, and its text in one line.
struct Item {
    std::string head, text;
};

/// The items of the list in the subsection of this heading.
std::vector<Item> items_under(const std::string& heading) {
    std::ifstream page(DAEMON_MAN_PAGE);
    std::vector<Item> items;
    bool is_here = false;
    for (std::string line; std::getline(page, line);) {
        if (line.rfind(".Ss ", 0) == 0 || line.rfind(".Sh ", 0) == 0) is_here = line == ".Ss " + heading;
        if (!is_here) continue;
        if (line == ".El") break;
        if (line.rfind(".It ", 0) == 0)
            items.push_back({line.substr(4), ""});
        else if (line[0] != '.' && !items.empty())
            items.back().text += (items.back().text.empty() ? "" : " ") + line;
    }
    return items;
}

/// As one text for each code: `404 , 405: what` is two rows.
Texts rows_under(const std::string& heading) {
    constexpr std::string_view kComma = " , ";
    Texts rows;
    for (auto [head, text] : items_under(heading)) {
        const std::string what = head.substr(std::min(head.find(':'), head.size()));
        for (auto comma = head.find(kComma); comma != std::string::npos; comma = head.find(kComma)) {
            rows.push_back(head.substr(0, comma) + what + " | " + text);
            head.erase(0, comma + kComma.size());
        }
        rows.push_back(head + " | " + text);
    }
    return rows;
}

std::string seconds(milliseconds time) {
    return std::to_string(time.count() / 1000) + " s";
}

std::string sentence(std::string_view words) {
    std::string text(words);
    if (text.empty()) return text;
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text + '.';
}

std::string wait_text(const Reaction& reaction) {
    const std::string floor = reaction.floor == milliseconds(0) ? "" : ", at least " + seconds(reaction.floor);
    switch (reaction.retry) {
        case Retry::at_once:
            return "At once" + floor + ".";
        case Retry::normal:
            return "The usual wait" + floor + ".";
        case Retry::slow:
            return "The slow lane" + floor + ".";
        case Retry::spread:
            break;
    }
    return "Spread" + floor + ".";
}

std::string remedy_text(const Reaction& reaction) {
    const std::string advice(reaction.advice);
    switch (reaction.remedy) {
        case Remedy::none:
            return " It passes by itself" + (advice.empty() ? "." : "; else " + advice + ".");
        case Remedy::person:
            return " Somebody has to act. " + sentence(advice);
        case Remedy::credential:
            break;
    }
    return " The credential has to be put right. " + sentence(advice);
}

Texts rows_of(ReactionRow::Kind kind) {
    Texts rows;
    for (const ReactionRow& row : all_reactions()) {
        if (row.kind != kind) continue;
        std::string head = row.code == ReactionRow::kAnyOther ? "any other: " : std::to_string(row.code) + ": ";
        if (kind == ReactionRow::Kind::trouble) head.clear();
        rows.push_back(head.append(row.reaction.what) + " | " + wait_text(row.reaction) + remedy_text(row.reaction));
    }
    return rows;
}

std::string held_text(const Refusal& refusal) {
    const std::string longer = refusal.most > refusal.first ? ", doubling to " + seconds(refusal.most) : "";
    const std::string time = " held for " + seconds(refusal.first) + longer + ".";
    switch (refusal.scope) {
        case Scope::message:
            return "The message is" + time;
        case Scope::channel:
            return "The channel is" + time;
        case Scope::everything:
            break;
    }
    return "All messages are" + time;
}

TEST(DaemonManPage, NamesTheDeadlineOfEveryPhaseThatHasOne) {
    Texts phases;
    for (const auto& [head, text] : items_under("Phases"))
        phases.push_back(head + " " + text);
    for (int i = 0; i <= static_cast<int>(LinkState::stopped); ++i) {
        const auto state = static_cast<LinkState>(i);
        const auto limit = time_limit(state);
        if (!limit) continue;
        EXPECT_THAT(phases, Contains(StartsWith("Li " + std::string(name(state)) + " " + seconds(*limit) + ": ")));
    }
}

TEST(DaemonManPage, NamesEveryTroubleOnTheWayAndNoOther) {
    EXPECT_THAT(rows_under("Trouble on the way"), UnorderedElementsAreArray(rows_of(ReactionRow::Kind::trouble)));
}

TEST(DaemonManPage, NamesEveryCloseCodeAndNoOther) {
    EXPECT_THAT(rows_under("Close codes"), UnorderedElementsAreArray(rows_of(ReactionRow::Kind::close)));
}

TEST(DaemonManPage, NamesEveryAnswerToTheUpgradeAndNoOther) {
    EXPECT_THAT(rows_under("Answers to the upgrade"), UnorderedElementsAreArray(rows_of(ReactionRow::Kind::http)));
}

TEST(DaemonManPage, NamesEveryErrorOfAPublishAndNoOther) {
    Texts rows;
    for (const Refusal& refusal : all_refusals()) {
        const std::string head(refusal.code.empty() ? "any other" : refusal.code);
        const std::string advice = sentence(refusal.advice);
        rows.push_back(head + " | " + held_text(refusal) + (advice.empty() ? "" : " " + advice));
    }
    EXPECT_THAT(rows_under("Refused publishes"), UnorderedElementsAreArray(rows));
}

}  // namespace
}  // namespace fieldlink
