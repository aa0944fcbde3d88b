// Random joins of many formats on the window outlet. After each frame the X server is asked what its window
// shows, on SDL's own connection, so that the answer is about that frame; SDL's sound goes into a file.
// RIVERLIGHT_JOINS: how many joins (default 20); the long run takes 500.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include "content/base/files.hpp"
#include "tests/integration/player/random_run.hpp"

// Last: they define macros with common names.
#include <SDL.h>
#include <SDL_syswm.h>
#include <X11/Xutil.h>

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// Runs an Xvfb, which chooses its display number, for the life of the object. `name()` is empty where there
/// is no Xvfb.
class XServer {
  public:
    XServer() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw Error("no pipe");
        child_ = ::fork();
        if (child_ == 0) {
            ::dup2(ends[1], 3);
            const int nowhere = ::open("/dev/null", O_WRONLY);
            ::dup2(nowhere, 2);
            ::execlp("Xvfb", "Xvfb", "-displayfd", "3", "-screen", "0", "1280x720x24", "-nolisten", "tcp",
                     "-noreset", nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        char c = 0;
        while (::read(ends[0], &c, 1) == 1 && c != '\n') name_ += c;
        ::close(ends[0]);
        if (!name_.empty()) name_.insert(0, ":");
    }
    ~XServer() {
        ::kill(child_, SIGTERM);
        ::waitpid(child_, nullptr, 0);
    }
    XServer(const XServer&) = delete;
    [[nodiscard]] const std::string& name() const { return name_; }

  private:
    pid_t child_ = -1;
    std::string name_;
};

/// This process's window, read from the X server.
class Shown {
  public:
    Shown() {
        auto* window = SDL_GetWindowFromID(1);
        SDL_VERSION(&info_.version);
        if (!window || !SDL_GetWindowWMInfo(window, &info_) || info_.subsystem != SDL_SYSWM_X11)
            throw Error(std::string("the outlet has no window on X: ") + SDL_GetError());
    }
    /// The number that it shows; fetches only the row through the middles of the squares.
    [[nodiscard]] int number() const {
        constexpr int row = 2 * (test::clip_height / 8 + test::side / 2);
        auto& x11 = info_.info.x11;
        const std::unique_ptr<XImage, int (*)(XImage*)> image(
            XGetImage(x11.display, x11.window, 0, row, 2 * test::clip_width, 1, AllPlanes, ZPixmap),
            [](XImage* i) { return XDestroyImage(i); });
        if (!image) throw Error("the X server gives no picture of the window");
        return test::number_scaled(
            [&](int x, int) { return static_cast<int>(XGetPixel(image.get(), x, 0) >> 8 & 255); });
    }

  private:
    SDL_SysWMinfo info_{};
};

/// The left channel that SDL's `disk` driver wrote, without silence. The driver takes blocks at its own pace
/// and pads a block with silence where it has no samples; that follows from this test's pace and is left out.
/// Zeros of the tone itself are kept: sound goes on at the start of a frame and a block, and no block of 1024
/// ends on a half wave.
std::vector<double> sound_given(const std::string& path) {
    constexpr std::size_t block = 1024;
    const auto bytes = read_file(path, 1U << 30);
    std::vector<float> both(bytes.size() / sizeof(float));
    std::memcpy(both.data(), bytes.data(), both.size() * sizeof(float));
    std::vector<double> left;
    for (std::size_t first = 0; first + 2 * block <= both.size(); first += 2 * block) {
        auto end = first + 2 * block;
        while (end > first && both[end - 1] == 0 && both[end - 2] == 0) end -= 2;
        for (auto i = first; i < end; i += 2) left.push_back(both[i]);
    }
    return left;
}

class WindowJoinsTest : public testing::Test {
  protected:
    void SetUp() override {
        if (display_.name().empty()) GTEST_SKIP() << "no Xvfb: the window outlet is not tested";
        const std::pair<const char*, std::string> all[]{
            {"DISPLAY", display_.name()},
            {"SDL_VIDEODRIVER", "x11"},
            {"SDL_RENDER_DRIVER", "software"},
            {"SDL_FRAMEBUFFER_ACCELERATION", "0"},  // no OpenGL below it, whose drivers leak as they go
            {"SDL_AUDIODRIVER", "disk"},
            {"SDL_DISKAUDIOFILE", folder_ / "sound.raw"},
            // Milliseconds from block to block: 4 × as fast as heard.
            {"SDL_DISKAUDIODELAY", "5"}};
        for (const auto& [name, value] : all) ::setenv(name, value.c_str(), 1);
    }
    /// The outlet stops feeding a device that stands still; this one is only slower than the test.
    static void wait_for_sound(std::uint32_t most_bytes) {
        constexpr SDL_AudioDeviceID device = 2;  // SDL's number of the first that is opened
        const auto until = steady_clock::now() + 20s;
        while (SDL_GetQueuedAudioSize(device) > most_bytes) {
            if (steady_clock::now() > until) throw Error("SDL's sound device stands still");
            std::this_thread::sleep_for(1ms);
        }
    }
    std::vector<int> play(const test::RandomRun& run) {
        const OutletOptions options{{"window"}, "", "", noon};
        const auto outlet = make_outlet(options);
        const Shown window;
        std::vector<int> numbers;
        test::play_run(*outlet, format_of(options), run.cues(folder_, noon), noon, [&] {
            numbers.push_back(window.number());
            wait_for_sound(sample_rate / 20 * 8);  // as long as is heard beside its picture
        });
        EXPECT_EQ(to_text(outlet->evidence().at("frames_presented")), std::to_string(numbers.size()));
        wait_for_sound(0);
        return numbers;
    }
    XServer display_;
    test::Folder folder_;
};

TEST_F(WindowJoinsTest, LateSoundIsDroppedUntilLipSyncIsRestored) {
    ::setenv("SDL_DISKAUDIODELAY", "1000", 1);  // a device that has all but stopped
    const OutletOptions options{{"window"}, "", "", noon};
    const auto outlet = make_outlet(options);
    constexpr std::uint32_t a_frame = 1920 * 8, block = 1024 * 8;
    const Samples tone(3840, 0.25F);
    for (int n = 0; n < 20; ++n) {
        outlet->show(black(1280, 720), tone, n);
        EXPECT_LE(SDL_GetQueuedAudioSize(2), 2 * block + 4 * a_frame) << "after frame " << n;
    }
    EXPECT_GE(SDL_GetQueuedAudioSize(2), 2 * a_frame) << "what is in time is kept";
}

TEST_F(WindowJoinsTest, RandomJoinsShowEveryFrameAndBreakNoTone) {
    for (std::size_t k = 0; k < test::kinds.size(); ++k) test::make_kind(folder_, k);
    if (HasFatalFailure()) return;
    std::mt19937 random(20261125);
    constexpr int at_once = 20;
    for (int done = 0; done < test::joins_wanted(20); done += at_once) {
        const test::RandomRun run(random, at_once);
        run.expect_numbers(play(run));
        if (HasFatalFailure()) return;
        run.expect_tone(sound_given(folder_ / "sound.raw"));
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace riverlight::player
