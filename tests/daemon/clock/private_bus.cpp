#include "private_bus.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

namespace fieldlink::test {
namespace {

constexpr std::string_view kBefore = R"(<busconfig><type>session</type><auth>EXTERNAL</auth><listen>unix:path=)";
constexpr std::string_view kAfter =
    R"(</listen><policy context="default"><allow own="*"/><allow send_destination="*"/>)"
    R"(<allow receive_sender="*"/></policy></busconfig>)";

void must(int result, const char* what) {
    if (result < 0) throw std::runtime_error(std::string(what) + ": error " + std::to_string(-result));
}

/// Starts the daemon and returns when it says where it listens, which is when it does.
int start_daemon(const std::string& config) {
    int out[2];
    if (::pipe(out) != 0) throw std::runtime_error("pipe");
    std::string program = "dbus-daemon", where = "--config-file=" + config, say = "--print-address", stay = "--nofork";
    char* arguments[] = {program.data(), where.data(), say.data(), stay.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, "dbus-daemon", &actions, nullptr, arguments, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    char first = 0;
    const bool listens = error == 0 && ::read(out[0], &first, 1) == 1;
    ::close(out[0]);
    if (!listens) throw std::runtime_error("dbus-daemon does not start; tests/deps test installs it");
    return pid;
}

int on_call(sd_bus_message* call, void* answer, sd_bus_error*) {
    const char *interface = nullptr, *property = nullptr;
    if (!sd_bus_message_is_method_call(call, "org.freedesktop.DBus.Properties", "Get")) return 0;
    must(sd_bus_message_read(call, "ss", &interface, &property), "arguments of Get");
    if (std::string_view(interface) != "org.freedesktop.timedate1") return 0;
    if (std::string_view(property) != "NTPSynchronized") return 0;
    return (*static_cast<std::function<int(sd_bus_message*)>*>(answer))(call);
}

}  // namespace

PrivateBus::PrivateBus() {
    std::string directory = std::filesystem::temp_directory_path() / "fieldlink-bus-XXXXXX";
    if (!::mkdtemp(directory.data())) throw std::runtime_error("mkdtemp " + directory);
    directory_ = directory;
    std::ofstream(directory_ + "/bus.conf") << kBefore << directory_ << "/socket" << kAfter;
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + directory_ + "/socket").c_str(), 1);
    pid_ = start_daemon(directory_ + "/bus.conf");
}

PrivateBus::~PrivateBus() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    std::filesystem::remove_all(directory_);
}

Timedate::Timedate(bool synchronised)
    : answer_([this, synchronised](sd_bus_message* call) {
          ++asked_;
          return sd_bus_reply_method_return(call, "v", "b", synchronised ? 1 : 0);
      }) {
    must(sd_bus_open_system(&bus_), "connecting to the private bus");
    must(sd_bus_add_object(bus_, nullptr, "/org/freedesktop/timedate1", on_call, &answer_), "adding the object");
    must(sd_bus_request_name(bus_, "org.freedesktop.timedate1", 0), "taking the name");
    thread_ = std::thread([this] { serve(); });
}

Timedate::~Timedate() {
    stop_ = true;
    thread_.join();
    sd_bus_close_unref(bus_);
}

void Timedate::serve() {
    constexpr std::uint64_t kLookEvery = 20'000;  // microseconds
    while (!stop_) {
        while (sd_bus_process(bus_, nullptr) > 0) {}
        sd_bus_wait(bus_, kLookEvery);
    }
}

}  // namespace fieldlink::test
