// ts_check FILE: checks a captured transport stream with the tests' own monitor (tests/support/ts_check.hpp)
// and prints one JSON object. Exit status 1 if a broadcaster's monitor would raise an alarm.
#include "tests/support/ts_check.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdio>
#include <string>

#include "content/base/files.hpp"

namespace {

using riverlight::Fd;
using riverlight::test::TsReport;

void print(const TsReport& r) {
    std::printf(
        "{\"packets\": %lld, \"seconds\": %.3f, \"mux_rate\": %.0f, \"sync_errors\": %lld, "
        "\"continuity_errors\": %lld, \"crc_errors\": %lld, \"discontinuities\": %lld, "
        "\"pcr_interval_ms\": %.2f, \"pcr_accuracy_ns\": %.0f",
        static_cast<long long>(r.packets), r.seconds, r.mux_rate, static_cast<long long>(r.sync_errors),
        static_cast<long long>(r.continuity_errors), static_cast<long long>(r.crc_errors),
        static_cast<long long>(r.discontinuities), r.pcr_interval_ms, r.pcr_accuracy_ns);
    for (const auto& [pid, ms] : r.table_interval_ms) std::printf(", \"table_%u_ms\": %.1f", pid, ms);
    for (const auto& [pid, s] : r.streams)
        std::printf(
            ", \"stream_%u\": {\"units\": %lld, \"late\": %lld, \"backwards\": %lld, \"gap_ms\": %.2f, "
            "\"typical_gap_ms\": %.2f, \"margin_ms\": %.1f}",
            pid, static_cast<long long>(s.units), static_cast<long long>(s.late),
            static_cast<long long>(s.backwards), s.gap_ms, s.typical_gap_ms, s.margin_ms);
    std::printf(", \"fails\": [");
    const auto fails = r.fails();
    for (std::size_t i = 0; i < fails.size(); ++i)
        std::printf("%s\"%s\"", i > 0 ? ", " : "", fails[i].c_str());
    std::printf("]}\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: ts_check FILE.ts\n", stderr);
        return 2;
    }
    const Fd fd(::open(argv[1], O_RDONLY | O_CLOEXEC));
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || about.st_size == 0) {
        std::perror(argv[1]);
        return 2;
    }
    const auto size = static_cast<std::size_t>(about.st_size);
    auto* map = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (map == MAP_FAILED) {
        std::perror(argv[1]);
        return 2;
    }
    const riverlight::test::TsChecker checker({static_cast<const char*>(map), size});
    print(checker.report());
    return checker.report().fails().empty() ? 0 : 1;
}
