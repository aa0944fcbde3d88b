#include "tools/office/simulated_clock.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <filesystem>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "tools/office/records_address.hpp"

namespace riverlight::office {
namespace {

constexpr std::size_t bytes = 2 * sizeof(std::int64_t);

std::int64_t load(std::int64_t* numbers, std::size_t which) {
    return std::atomic_ref<std::int64_t>(numbers[which]).load();
}

void store(std::int64_t* numbers, std::size_t which, Instant at) {
    std::atomic_ref<std::int64_t>(numbers[which]).store(at.time_since_epoch().count());
}

}  // namespace

void SimulatedClock::Unmap::operator()(std::int64_t* numbers) const {
    ::munmap(numbers, bytes);
}

std::string SimulatedClock::path_in(const std::string& state_folder) {
    return state_folder + "/simulated-clock";
}

bool SimulatedClock::is_in(const std::string& state_folder) {
    return std::filesystem::exists(path_in(state_folder));
}

void SimulatedClock::make(const std::string& state_folder, Instant begin) {
    if (std::filesystem::exists(state_folder + "/office.db") ||
        RecordsAddress::in_folder(state_folder).kind() != DatabaseKind::sqlite)
        throw Error(state_folder + ": holds records already; simulated ones need a folder of their own");
    std::filesystem::create_directories(state_folder);
    const std::array<std::int64_t, 2> numbers{begin.time_since_epoch().count(), 0};
    write_file_atomically(path_in(state_folder),
                          std::string_view(reinterpret_cast<const char*>(numbers.data()), bytes));
}

SimulatedClock::SimulatedClock(const std::string& state_folder) {
    const auto path = path_in(state_folder);
    const Fd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    struct stat s {};
    if (file.get() < 0 || ::fstat(file.get(), &s) != 0 || s.st_size < static_cast<off_t>(bytes))
        throw Error(path + ": is no clock of simulated time; riverlight-fleet makes it");
    auto* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (at == MAP_FAILED) throw Error(path + ": cannot be mapped");
    numbers_.reset(static_cast<std::int64_t*>(at));
}

Instant SimulatedClock::now() const {
    return Instant{std::chrono::microseconds{load(numbers_.get(), 0)}};
}

void SimulatedClock::set(Instant now) {
    store(numbers_.get(), 0, now);
}

Instant SimulatedClock::done_until() const {
    return Instant{std::chrono::microseconds{load(numbers_.get(), 1)}};
}

void SimulatedClock::set_done_until(Instant at) {
    store(numbers_.get(), 1, at);
}

}  // namespace riverlight::office
