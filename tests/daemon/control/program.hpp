#pragma once

#include <string>
#include <vector>

#include <sys/types.h>
#include <unistd.h>

namespace fieldlink {

/// A running child process with its output in pipes.
class Program {
public:
    /// `arguments` begins with the program's path. Variables of `environment` ("NAME=value") are added to ours.
    /// Under root the program can run as another `user`, even if that user could not reach it.
    explicit Program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {},
                     uid_t user = ::geteuid());
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// The next line of standard output with its end; less at the end of it.
    std::string line();

    void signal(int number);

    struct Ended {
        int status;  ///< as the shell has it: 128 + n for signal n
        std::string out, err;
    };

    /// Reads to the end and waits.
    Ended end();

private:
    int process_;
    int out_;
    int err_;
};

/// Runs it to its end.
Program::Ended run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {},
                   uid_t user = ::geteuid());

}  // namespace fieldlink
