#include "content/log/log.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <sstream>

namespace riverlight::log {
namespace {

std::string logged(const std::string& message) {
    std::ostringstream out;
    spdlog::logger logger("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
    write_plain_text(logger);
    logger.warn("{}", message);
    return out.str();
}

TEST(Log, case_79_AMessageIsOneLineOfPlainText) {
    const auto line = logged(
        "a server says: ok\n[2026-11-29 00:00:00.000] [critical] forged\x1b[2J\r\x7f\xc2\x9b"
        "8m\xff");
    EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    EXPECT_TRUE(line.ends_with(
        "a server says: ok [2026-11-29 00:00:00.000] [critical] forged [2J   8m\xEF\xBF\xBD\n"))
        << line;
}

TEST(Log, TextOfEveryLanguageStaysAsItIs) {
    EXPECT_TRUE(logged("ភាសាខ្មែរ ไทย").ends_with("[warning] ភាសាខ្មែរ ไทย\n"));
}

}  // namespace
}  // namespace riverlight::log
