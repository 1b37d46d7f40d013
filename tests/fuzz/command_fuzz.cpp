/// Input: the `data` of messages on the commands channel, one a line.
#include <optional>
#include <string>

#include "daemon/commands/dispatcher.hpp"
#include "require.hpp"

namespace fieldlink::fuzz {
namespace {

PointConfig point(const char* name, bool writable) {
    PointConfig config;
    config.name = name;
    config.writable = writable;
    return config;
}

Config make_config() {
    SensorConfig boiler;
    boiler.name = "boiler";
    boiler.points = {point("temperature", false), point("setpoint", true), point("pump", true), point("name", true)};
    boiler.points[1].scale = Decimal{1, -1};
    boiler.points[1].min = 5;
    boiler.points[1].max = 90;
    BusConfig bus;
    bus.sensors.push_back(boiler);
    Config config;
    config.buses.push_back(bus);
    config.uplink.confirm = Confirm::receipt;
    config.commands.from = {"backend-*"};
    return config;
}

/// A gateway whose bus answers at once.
class Scene : private Dispatcher::Host {
public:
    void handle(std::string_view data) {
        const std::size_t before = answers();
        dispatcher_.handle(data, "backend-1");
        const std::size_t came = answers() - before;
        const bool maybe_beyond_rate = ++handled_ > kBurst;
        require(came == 1 || (came == 0 && maybe_beyond_rate), "a command has exactly one result, a receipt none");
    }

private:
    /// What one message can come to.
    std::size_t answers() const {
        return results_ + receipts_ + dispatcher_.ignored() + dispatcher_.receipts().ignored() +
               dispatcher_.receipts().malformed();
    }

    static constexpr std::size_t kBurst = 50;  // commands.rate's

    void run_on_bus(std::size_t bus, BusCommand command, BusAnswered answered) override {
        const SensorConfig& sensor = config().buses.at(bus).sensors.at(command.sensor);
        require(!command.points.empty(), "what goes to a bus is about a point");
        for (const std::uint32_t index : command.points)
            require(index < sensor.points.size(), "a bus is asked for points that there are");
        for (const fl_write& write : command.writes)
            require(sensor.points.at(write.point).writable, "what is not writable is not written");
        require(command.expires.has_value(), "what goes to a bus expires there");
        answered({BusAnswer::Status::done, R"({"setpoint":60})", "60", {}});
    }

    void result(std::string json) override {
        const JsonDocument document(json);
        require(document.valid(), "a result is JSON");
        const auto status = document.root()["status"].string().value_or("");
        require(status == "done" || status == "rejected" || status == "failed" || status == "expired",
                "a result has one of the contract's statuses");
        ++results_;
    }

    void replay_piece(const Range& range, std::int64_t from, std::function<void(ReplayPiece)> done) override {
        require(range.from_seq >= 0 && range.from_seq <= range.to_seq, "a range begins before it ends");
        done({{from + 1, from > 0, 1, 1}, {}});
    }

    void receipt(const Receipt& receipt) override {
        require(!receipt.epoch.empty(), "a receipt is of an epoch");
        for (const auto& [first, last] : receipt.seqs)
            require(first <= last, "an interval of a receipt begins before it ends");
        ++receipts_;
    }

    std::optional<std::chrono::milliseconds> true_offset() override { return std::chrono::hours(24 * 365 * 55); }

    static const Config& config() {
        static const Config made = make_config();
        return made;
    }

    boost::asio::io_context io_{1};
    Dispatcher dispatcher_{io_, config(), static_cast<Dispatcher::Host&>(*this)};
    std::size_t results_ = 0, receipts_ = 0, handled_ = 0;
};

void run(std::string_view input) {
    Scene scene;
    while (!input.empty()) {
        const std::size_t end = std::min(input.find('\n'), input.size());
        scene.handle(input.substr(0, end));
        input.remove_prefix(std::min(end + 1, input.size()));
    }
}

}  // namespace
}  // namespace fieldlink::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    fieldlink::fuzz::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
