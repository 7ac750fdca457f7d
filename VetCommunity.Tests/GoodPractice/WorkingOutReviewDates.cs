using VetCommunity.Core.GoodPractice;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>When a practice was looked at last, and by when it is due again.</summary>
public class WorkingOutReviewDates
{
    [Theory]
    // Without anything it is two years.
    [InlineData("2026-03-01", null, null, "2026-03-01", "2028-03-01")]
    [InlineData("2024-02-29", null, null, "2024-02-29", "2026-02-28")]
    // What the text says holds, also later than two years.
    [InlineData("2026-03-01", null, "2026-06-01", "2026-03-01", "2026-06-01")]
    [InlineData("2026-03-01", null, "2031-01-01", "2026-03-01", "2031-01-01")]
    // A day that was over when it was published says nothing.
    [InlineData("2026-03-01", null, "2026-03-01", "2026-03-01", "2028-03-01")]
    [InlineData("2026-03-01", null, "2020-01-01", "2026-03-01", "2028-03-01")]
    // Still true, before the day and after it.
    [InlineData("2026-03-01", "2026-05-20", "2026-06-01", "2026-05-20", "2028-05-20")]
    [InlineData("2026-03-01", "2026-07-01", "2026-06-01", "2026-07-01", "2028-07-01")]
    [InlineData("2026-03-01", "2026-05-20", "2031-01-01", "2026-05-20", "2031-01-01")]
    // Published anew since.
    [InlineData("2027-03-01", "2026-05-20", "2027-06-01", "2027-03-01", "2027-06-01")]
    [InlineData("2027-03-01", "2027-03-01", null, "2027-03-01", "2029-03-01")]
    public void It_is_worked_out_of_publication_look_and_wish(string published, string? confirmed, string? wished, string on, string due) =>
        Assert.Equal(new ReviewDates(Day(on), Day(due)), ReviewDates.Of(Day(published), confirmed is null ? null : Day(confirmed), wished is null ? null : Day(wished)));

    [Fact]
    public void It_is_due_after_it_was_looked_at_and_no_look_brings_it_nearer()
    {
        var random = new Random(11);
        for (var round = 0; round < 20_000; round++)
        {
            var published = Some();
            DateOnly? confirmed = random.Next(3) == 0 ? null : Some(), wished = random.Next(3) == 0 ? null : Some();
            var before = ReviewDates.Of(published, confirmed, wished);
            Assert.True(before.DueOn > before.CheckedOn);
            Assert.True(before.CheckedOn >= published);
            Assert.True(before.IsOverdue(before.DueOn.AddDays(1)));
            Assert.False(before.IsOverdue(before.DueOn));
            Assert.True(before.IsNear(before.DueOn.AddDays(-ReviewDates.DaysBefore)) && !before.IsNear(before.DueOn.AddDays(-ReviewDates.DaysBefore - 1)));
            var today = before.CheckedOn.AddDays(random.Next(1, 3000));
            var after = ReviewDates.Of(published, today, wished);
            Assert.Equal(today, after.CheckedOn);
            Assert.True(after.DueOn >= before.DueOn && after.DueOn >= today.AddMonths(ReviewDates.Months));
        }

        DateOnly Some() => new DateOnly(2020, 1, 1).AddDays(random.Next(5000));
    }

    [Theory]
    [InlineData("review-by: 2027-05-01", "2027-05-01")]
    [InlineData("review-by: \" 2027-05-01 \"", "2027-05-01")]
    [InlineData("review-by: 2027-02-30", null)]
    [InlineData("review-by: next spring", null)]
    [InlineData("review-by: 9999-12-31", null)]
    [InlineData("review-by: [2027-05-01, 2028-05-01]", null)]
    [InlineData("review-by:", null)]
    public void The_front_matter_says_it_as_a_day_and_what_is_none_is_shown_as_it_is_written(string field, string? day)
    {
        var record = PracticeRecord.Of($"---\ntitle: T\n{field}\n---\n\nText.\n", "");
        Assert.Equal(day is null ? null : Day(day), record.ReviewBy);
        Assert.Equal(day is null && field.Length > "review-by:".Length, record.Others.Any(other => other.Name == "review-by"));
    }

    static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
