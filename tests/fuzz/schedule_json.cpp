#include "content/base/error.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "scheduler/campaign/write.hpp"
#include "tests/fuzz/input.hpp"

using namespace riverlight;

/// A channel's schedule JSON gives an Error, or a schedule that reads back the same when written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto written = scheduler::write_schedule_json(
            scheduler::read_schedule_json(fuzz::Input(data, size).text(), "f.json"));
        fuzz::promise(
            scheduler::write_schedule_json(scheduler::read_schedule_json(written, "f.json")) == written,
            "a schedule is the same when written and read again");
    } catch (const Error&) {
    }
    return 0;
}
