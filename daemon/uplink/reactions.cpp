#include "daemon/uplink/reactions.hpp"

#include <iterator>

namespace fieldlink {
namespace {

using Row = ReactionRow;
using Kind = Row::Kind;

constexpr int code_of(Trouble trouble) {
    return static_cast<int>(trouble);
}

constexpr milliseconds kNone{0}, kHalfMinute{30'000}, kMinute{60'000}, kFiveMinutes{300'000};
constexpr Remedy kByItself = Remedy::none, kPerson = Remedy::person, kSecret = Remedy::credential;
constexpr int kAnyOther = Row::kAnyOther;  // stands last of its kind

constexpr std::string_view kFixToken =
    "check the device's entry in the provisioning service, or the token or key of uplink.auth";
constexpr std::string_view kFixChannels =
    "let the token's channels and permissions cover uplink.channels, or correct these";
constexpr std::string_view kFixSecret =
    "check uplink.auth.provision.secret and that the device is known to the provisioning service";
constexpr std::string_view kFixUrl = "check uplink.url";
constexpr std::string_view kFixDns = "check uplink.url and this machine's name servers";
constexpr std::string_view kFixProxy = "check uplink.proxy, or https_proxy in the environment, and the proxy itself";
constexpr std::string_view kFixPortal =
    "a captive portal or a proxy may be in the way: open the network for this machine";
constexpr std::string_view kFixTls = "check uplink.url, uplink.tls.ca_file and this machine's clock";
constexpr std::string_view kFixMessage = "report this: fieldlink sent a frame that the service does not take";
constexpr std::string_view kFixRate = "lower uplink.rate if this comes again";
constexpr std::string_view kFixPlan = "close other connections or extend the plan";
constexpr std::string_view kFixAccount = "settle the account with the service";
constexpr std::string_view kFixFile = "put the secret where the configuration says, readable by fieldlink";
constexpr std::string_view kFixProvisioning = "check uplink.auth.provision.url and that service";

// clang-format off
constexpr Row kRows[] = {
    // kind         code                                     retry           floor         remedy     what                                         advice
    {Kind::trouble, code_of(Trouble::connection_lost),      {Retry::normal,  kNone,        kByItself, "no connection",                             ""}},
    {Kind::trouble, code_of(Trouble::unknown_host),         {Retry::normal,  kNone,        kByItself, "the address of the service is not found",   kFixDns}},
    {Kind::trouble, code_of(Trouble::proxy_failed),         {Retry::normal,  kNone,        kPerson,   "the proxy does not let us through",         kFixProxy}},
    {Kind::trouble, code_of(Trouble::tls_failed),           {Retry::normal,  kNone,        kPerson,   "no trusted connection",                     kFixTls}},
    {Kind::trouble, code_of(Trouble::no_welcome),           {Retry::normal,  kNone,        kByItself, "the service did not say welcome",           ""}},
    {Kind::trouble, code_of(Trouble::phase_too_long),       {Retry::normal,  kNone,        kByItself, "the service does not answer",               ""}},
    {Kind::trouble, code_of(Trouble::ack_late),             {Retry::normal,  kNone,        kByItself, "an ack is overdue",                         ""}},
    {Kind::trouble, code_of(Trouble::silent),               {Retry::normal,  kNone,        kByItself, "the service fell silent",                   ""}},
    {Kind::trouble, code_of(Trouble::token_expires),        {Retry::at_once, kNone,        kByItself, "the token is about to expire",              ""}},
    {Kind::trouble, code_of(Trouble::secret_unreadable),    {Retry::slow,    kMinute,      kSecret,   "no credential",                             kFixFile}},
    {Kind::trouble, code_of(Trouble::provisioning_refused), {Retry::slow,    kMinute,      kSecret,   "the provisioning service refuses us",       kFixSecret}},
    {Kind::trouble, code_of(Trouble::provisioning_failed),  {Retry::normal,  kNone,        kByItself, "the provisioning service gave no token",    kFixProvisioning}},

    {Kind::close,   1000,                                   {Retry::normal,  kNone,        kByItself, "the service closed the connection",         ""}},
    {Kind::close,   1001,                                   {Retry::spread,  kNone,        kByItself, "the service is going away for a moment",    ""}},
    {Kind::close,   1006,                                   {Retry::normal,  kNone,        kByItself, "the connection was lost",                   ""}},
    {Kind::close,   1007,                                   {Retry::normal,  kNone,        kPerson,   "the service refused a frame as no UTF-8",   kFixMessage}},
    {Kind::close,   1008,                                   {Retry::normal,  kNone,        kPerson,   "the service refused a frame",               kFixMessage}},
    {Kind::close,   1009,                                   {Retry::normal,  kNone,        kPerson,   "the service found a frame too big",         kFixMessage}},
    {Kind::close,   1012,                                   {Retry::spread,  kNone,        kByItself, "the service is restarting",                 ""}},
    {Kind::close,   4000,                                   {Retry::normal,  kNone,        kByItself, "the connection was idle",                   ""}},
    {Kind::close,   4001,                                   {Retry::slow,    kMinute,      kSecret,   "the service does not accept our token",     kFixToken}},
    {Kind::close,   4002,                                   {Retry::at_once, kNone,        kByItself, "the token expired",                         ""}},
    {Kind::close,   4003,                                   {Retry::slow,    kMinute,      kSecret,   "the token does not cover a channel",        kFixChannels}},
    {Kind::close,   4010,                                   {Retry::slow,    kHalfMinute,  kPerson,   "too many connections for the plan",         kFixPlan}},
    {Kind::close,   4011,                                   {Retry::normal,  kNone,        kByItself, "we sent too many messages a second",        kFixRate}},
    {Kind::close,   4012,                                   {Retry::slow,    kFiveMinutes, kPerson,   "the account is suspended",                  kFixAccount}},
    {Kind::close,   4020,                                   {Retry::slow,    kMinute,      kSecret,   "an administrator threw this device out",    kFixToken}},
    {Kind::close,   kAnyOther,                              {Retry::normal,  kNone,        kByItself, "the service closed the connection",         ""}},

    {Kind::http,    200,                                    {Retry::normal,  kNone,        kPerson,   "something else than the service answers",   kFixPortal}},
    {Kind::http,    301,                                    {Retry::normal,  kNone,        kPerson,   "something else than the service answers",   kFixPortal}},
    {Kind::http,    302,                                    {Retry::normal,  kNone,        kPerson,   "something else than the service answers",   kFixPortal}},
    {Kind::http,    303,                                    {Retry::normal,  kNone,        kPerson,   "something else than the service answers",   kFixPortal}},
    {Kind::http,    307,                                    {Retry::normal,  kNone,        kPerson,   "something else than the service answers",   kFixPortal}},
    {Kind::http,    308,                                    {Retry::normal,  kNone,        kPerson,   "something else than the service answers",   kFixPortal}},
    {Kind::http,    401,                                    {Retry::slow,    kMinute,      kSecret,   "the service does not accept our token",     kFixToken}},
    {Kind::http,    403,                                    {Retry::slow,    kMinute,      kSecret,   "the service does not let us in",            kFixToken}},
    {Kind::http,    404,                                    {Retry::slow,    kHalfMinute,  kPerson,   "there is no such service",                  kFixUrl}},
    {Kind::http,    429,                                    {Retry::slow,    kMinute,      kByItself, "too many connects from this address",       ""}},
    {Kind::http,    511,                                    {Retry::normal,  kNone,        kPerson,   "the network wants a login first",           kFixPortal}},
    {Kind::http,    kAnyOther,                              {Retry::normal,  kNone,        kByItself, "the service cannot take us now",            ""}},
};

constexpr Refusal kRefusals[] = {
    // code                      scope              first         most          advice
    {"missing_data",             Scope::message,    milliseconds{1'000}, kMinute, kFixMessage},
    {"malformed_message",        Scope::message,    milliseconds{1'000}, kMinute, kFixMessage},
    {"invalid_channel",          Scope::channel,    kMinute,      kFiveMinutes, kFixChannels},
    {"channel_not_authorized",   Scope::channel,    kMinute,      kFiveMinutes, kFixChannels},
    {"channel_reserved",         Scope::channel,    kMinute,      kFiveMinutes, kFixChannels},
    {"channel_limit_exceeded",   Scope::channel,    kMinute,      kFiveMinutes, kFixChannels},
    {"action_not_permitted",     Scope::channel,    kMinute,      kFiveMinutes, kFixChannels},
    {"over_message_quota",       Scope::everything, kFiveMinutes, kFiveMinutes, "the plan's messages are used up: extend it, or send less"},
};
// clang-format on

constexpr Refusal kUnknownRefusal{"", Scope::message, milliseconds{1'000}, kMinute, ""};

const Reaction& find(Kind kind, int code) {
    const Row* found = nullptr;
    for (const Row& row : kRows)
        if (row.kind == kind && (row.code == code || (row.code == kAnyOther && !found))) found = &row;
    return found->reaction;
}

}  // namespace

std::vector<ReactionRow> all_reactions() {
    return {std::begin(kRows), std::end(kRows)};
}

const Reaction& reaction_to(Trouble trouble) {
    return find(Kind::trouble, code_of(trouble));
}

const Reaction& reaction_to_close(int code) {
    return find(Kind::close, code);
}

const Reaction& reaction_to_http(int status) {
    return find(Kind::http, status);
}

const Refusal& refusal(std::string_view code) {
    for (const Refusal& known : kRefusals)
        if (known.code == code) return known;
    return kUnknownRefusal;
}

std::vector<Refusal> all_refusals() {
    std::vector<Refusal> all(std::begin(kRefusals), std::end(kRefusals));
    all.push_back(kUnknownRefusal);
    return all;
}

}  // namespace fieldlink
