#pragma once
#include <chrono>

/// Keeps a sound card in step with a display: two crystals that differ by a few ppm, for weeks. Pure.
namespace riverlight::player {

/// Computes how much to resample sound so that it stays in step with the picture: a proportional-integral
/// controller that learns the drift between the clocks and changes the rate too slowly to be heard. One
/// thread.
class SoundControl {
  public:
    /// `step`: time from one observation to the next, > 0.
    explicit SoundControl(std::chrono::nanoseconds step);
    /// `late`: how long after its picture sound is heard (negative: before). False if it is too far off to be
    /// corrected by resampling: start the device again, then call restart().
    [[nodiscard]] bool observe(std::chrono::nanoseconds late);
    /// How many samples to add (below 0: leave out) in a million: −1000…1000.
    [[nodiscard]] double ppm() const { return ppm_; }
    /// `late`, smoothed.
    [[nodiscard]] std::chrono::nanoseconds offset() const;
    /// The device was started again, in step. The learned drift is kept.
    void restart();

    static constexpr double max_ppm = 1000;                     ///< 1.7 cents: trained ears hear 5
    static constexpr double max_ppm_per_second = 10;            ///< no glide is heard
    static constexpr std::chrono::milliseconds max_offset{40};  ///< EBU R 37: 40 ms before, 60 ms after

  private:
    double step_;        ///< seconds
    double offset_ = 0;  ///< seconds, smoothed
    double drift_ = 0;   ///< ppm that hold it where it is
    double ppm_ = 0;
    int observations_ = 0, far_off_ = 0;  ///< since restart(); in a row
};

}  // namespace riverlight::player
