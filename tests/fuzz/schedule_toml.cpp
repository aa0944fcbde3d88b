#include "scheduler/campaign/read.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "scheduler/campaign/write.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

/// An author's schedule TOML never throws; each finding has a line; a valid schedule reads back the same from
/// the channel's JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto reading = scheduler::read_schedule_toml(fuzz::Input(data, size).text(), "f.toml");
    for (const auto& finding : reading.findings)
        fuzz::promise(!finding.message.empty() && finding.file == "f.toml",
                      "a finding names its file and fault");
    if (!reading.ok()) return 0;
    const auto written = scheduler::write_schedule_json(reading.schedule);
    fuzz::promise(scheduler::write_schedule_json(scheduler::read_schedule_json(written, "f.json")) == written,
                  "a good schedule is the same after the channel");
    return 0;
}
