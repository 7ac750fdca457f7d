namespace VetCommunity.Core.Live;

/// <summary>What a certificate of attendance takes; nothing of it means that a session gives none.</summary>
/// <param name="Minutes">How long somebody is to be there; null for any time.</param>
/// <param name="Answers">How many of a hundred questions that were asked somebody is to answer; null for none of them.</param>
public sealed record CertificateRule(int? Minutes, int? Answers)
{
    /// <summary>Whether there are certificates.</summary>
    public bool IsThere => Minutes is not null || Answers is not null;

    /// <summary>
    /// Whether somebody who took part has earned one. They were there for a minute at least, whatever the rule; where no question was asked, nobody owes an answer. Parts of a question are not rounded away: 70 of a hundred
    /// of 4 questions are 3.
    /// </summary>
    public bool IsFulfilledBy(CertificateFacts facts) => IsThere && facts.Minutes >= (Minutes ?? 1) && (Answers is not { } least || (long)facts.Answered * 100 >= (long)least * facts.Asked);

    /// <summary>That it can be fulfilled.</summary>
    /// <param name="length">How long the session is planned.</param>
    /// <exception cref="RefusedException">It asks for less than a minute or more than the session has, or for no or more than all questions.</exception>
    internal void Check(TimeSpan length)
    {
        var most = Math.Max(1, (int)length.TotalMinutes);
        if (Minutes is < 1 || Minutes > most)
            throw new RefusedException(Refusal.BadCertificateMinutes, most);
        if (Answers is < 1 or > 100)
            throw new RefusedException(Refusal.BadCertificateAnswers);
    }
}

/// <summary>What somebody did in a session, as far as a certificate speaks of it.</summary>
/// <param name="Minutes">How long they were there, in whole minutes.</param>
/// <param name="Answered">How many questions they answered.</param>
/// <param name="Asked">How many were asked.</param>
public sealed record CertificateFacts(int Minutes, int Answered, int Asked);
