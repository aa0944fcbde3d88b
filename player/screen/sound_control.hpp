#pragma once
#include <chrono>

/// Sound against the display's clock: two crystals, a few millionths apart, for weeks. Pure.
namespace riverlight::player {

/// How much faster or slower sound must be fed so that it stays with the picture. Learns the drift between
/// the clocks; changes so slowly, and by so little, that no pitch is heard to move. One thread.
class SoundControl {
  public:
    /// One observation each `step`.
    explicit SoundControl(std::chrono::nanoseconds step);
    /// `late`: by how much sound is heard after its picture (negative: before). False where it is so far off
    /// that feeding will not bring it back soon: begin anew, then restart().
    [[nodiscard]] bool observe(std::chrono::nanoseconds late);
    /// How many samples more (or, below 0, fewer) to feed in a million: −1000…1000, rounded to nothing.
    [[nodiscard]] double ppm() const { return ppm_; }
    /// `late`, smoothed.
    [[nodiscard]] std::chrono::nanoseconds offset() const;
    /// Sound begins anew in its place; the drift that was learnt stays.
    void restart();

    static constexpr double most_ppm = 1000;               ///< 1.7 cents: trained ears hear 5
    static constexpr double most_ppm_a_second = 10;        ///< so that no glide is heard
    static constexpr std::chrono::milliseconds reach{40};  ///< EBU R 37: 40 ms before, 60 ms after

  private:
    double step_;        ///< seconds
    double offset_ = 0;  ///< seconds, smoothed
    double drift_ = 0;   ///< ppm that hold it where it is
    double ppm_ = 0;
    int seen_ = 0, far_ = 0;
};

}  // namespace riverlight::player
