#include "program.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fieldlink {
namespace {

struct Pipe {
    Pipe() {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    }
    std::array<int, 2> ends{};
};

/// In the child, between fork and exec.
[[noreturn]] void become(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                         uid_t user, int out, int err) {
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    for (const std::string& variable : environment)
        ::putenv(const_cast<char*>(variable.c_str()));
    std::vector<char*> words;
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    const int program = ::open(words[0], O_RDONLY | O_CLOEXEC);
    const bool is_user = user == ::geteuid() || (::setgroups(0, nullptr) == 0 && ::setuid(user) == 0);
    if (is_user) ::fexecve(program, words.data(), environ);
    ::_exit(127);
}

std::string rest_of(int descriptor) {
    std::string text;
    std::array<char, 4096> chunk{};
    for (ssize_t size = 0; (size = ::read(descriptor, chunk.data(), chunk.size())) > 0;)
        text.append(chunk.data(), static_cast<std::size_t>(size));
    return text;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment, uid_t user) {
    const Pipe out, err;
    process_ = ::fork();
    if (process_ == 0) become(arguments, environment, user, out.ends[1], err.ends[1]);
    ::close(out.ends[1]);
    ::close(err.ends[1]);
    out_ = out.ends[0];
    err_ = err.ends[0];
}

Program::~Program() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    ::close(out_);
    ::close(err_);
}

std::string Program::line() {
    std::string line;
    char c = 0;
    while (line.find('\n') == std::string::npos && ::read(out_, &c, 1) == 1)
        line += c;
    return line;
}

void Program::signal(int number) {
    ::kill(process_, number);
}

Program::Ended Program::end() {
    Ended ended{0, rest_of(out_), rest_of(err_)};
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = 0;
    ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ended;
}

Program::Ended run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment, uid_t user) {
    return Program(arguments, environment, user).end();
}

}  // namespace fieldlink
