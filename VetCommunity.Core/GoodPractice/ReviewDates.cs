using System.Runtime.InteropServices;

namespace VetCommunity.Core.GoodPractice;

/// <summary>When a published practice was looked at last, and by when somebody should do it again. Days are counted in UTC.</summary>
/// <param name="CheckedOn">The day of the publication, or a later one on which somebody said that it is still true.</param>
/// <param name="DueOn">By this day it is to be looked at again; always a later one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReviewDates(DateOnly CheckedOn, DateOnly DueOn)
{
    /// <summary>Months after which it is due where the practice does not say when.</summary>
    public const int Months = 24;
    /// <summary>Days before at which its authors are reminded.</summary>
    public const int DaysBefore = 30;

    /// <summary>Works them out.</summary>
    /// <param name="published">When what readers have was published.</param>
    /// <param name="confirmed">When somebody said last that it is still true; null for never.</param>
    /// <param name="wished">What its front matter says; null for nothing. A day that was over when it was looked at last says nothing any more.</param>
    public static ReviewDates Of(DateOnly published, DateOnly? confirmed, DateOnly? wished)
    {
        var isConfirmed = confirmed > published;
        var on = isConfirmed ? confirmed!.Value : published;
        var due = on.AddMonths(Months);
        // Whoever says before the day that it is still true has done what that day was for; a day far away stays.
        return new(on, wished > on && (!isConfirmed || wished > due) ? wished.Value : due);
    }

    /// <summary>Whether its authors are to think of it.</summary>
    public bool IsNear(DateOnly today) => DueOn <= today.AddDays(DaysBefore);

    /// <summary>Whether nobody did by then.</summary>
    public bool IsOverdue(DateOnly today) => DueOn < today;
}
