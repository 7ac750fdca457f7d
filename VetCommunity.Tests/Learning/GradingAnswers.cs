using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Learning;

public sealed class GradingAnswers
{
    static readonly SingleQuestion Single = new("a", 2, "Which?", "", ["x", "y", "z"], 2);
    static readonly MultipleQuestion Multiple = new("b", 4, "Which?", "", ["x", "y", "z"], [1, 3]);
    static readonly RankingQuestion Ranking = new("c", 3, "Which order?", "", ["x", "y", "z"], [3, 1, 2]);
    static readonly ScaleQuestion Scale = new("d", "How sure?", "", 0, "", 10, "");
    static readonly WordsQuestion Words = new("e", "What?", "", 3);
    static readonly TextQuestion Text = new("f", "Why?", "");
    static readonly IdeasQuestion Ideas = new("g", "What next?", "", 3, 3);

    static Refusal? RefusalOf(Question question, Answer answer)
    {
        try
        {
            _ = question.Keep(answer);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }

    [Fact]
    public void Points_are_for_what_is_right()
    {
        Assert.Equal([0, 2, 0], Enumerable.Range(1, 3).Select(number => Single.Grade(Single.Keep(Answer.Of(number)))));
        Assert.Equal(4, Multiple.Grade(Multiple.Keep(Answer.Of(3, 1))));
        // What is wrong takes a right one away, and nobody gets less than nothing.
        Assert.Equal([2, 0, 0, 2], ((int[][])[[1], [2], [1, 2], [1, 2, 3]]).Select(marks => Multiple.Grade(Multiple.Keep(Answer.Of(marks)))));
        Assert.Equal([3, 0, 1], ((int[][])[[3, 1, 2], [1, 2, 3], [1, 3, 2]]).Select(places => Ranking.Grade(Ranking.Keep(Answer.Of(places)))));
        Assert.Equal(0, Scale.Grade(Scale.Keep(Answer.Of(7))) + Words.Grade("x") + Text.Grade("x") + Ideas.Grade("\nx"));
    }

    [Fact]
    public void What_is_no_answer_is_refused()
    {
        foreach (var question in (Question[])[Single, Multiple, Ranking, Scale, Words, Text, Ideas])
        {
            Assert.Equal(Refusal.AnswerMissing, RefusalOf(question, Answer.Of()));
            Assert.Equal(Refusal.AnswerMissing, RefusalOf(question, Answer.Written(" \n\u200B")));
        }
        foreach (var question in (Question[])[Single, Multiple, Ranking])
        {
            foreach (var number in (int[])[0, 4, -1, int.MaxValue, int.MinValue])
                Assert.Equal(Refusal.AnswerUnknown, RefusalOf(question, Answer.Of(1, number)));
        }
        Assert.Equal(Refusal.AnswerUnknown, RefusalOf(Scale, Answer.Of(11)));
        Assert.Equal(Refusal.AnswerUnknown, RefusalOf(Scale, Answer.Of(-1)));
        Assert.Equal(Refusal.PollOneChoice, RefusalOf(Single, Answer.Of(1, 2)));
        Assert.Equal(Refusal.PollOneChoice, RefusalOf(Scale, Answer.Of(1, 2)));
        foreach (var places in (int[][])[[1, 2], [1, 1, 2], [1, 2, 3, 3]])
            Assert.Equal(Refusal.AnswerPlaces, RefusalOf(Ranking, Answer.Of(places)));
        Assert.Equal(Refusal.AnswerWords, RefusalOf(Words, Answer.Written("one two three four")));
        Assert.Equal(Refusal.AnswerWords, RefusalOf(Words, Answer.Written(new('x', 41))));
        Assert.Equal(Refusal.TextTooLong, RefusalOf(Text, Answer.Written(new('x', 501))));
    }

    [Fact]
    public void The_same_answer_is_kept_as_the_same()
    {
        Assert.Equal("1,3", Multiple.Keep(Answer.Of(3, 1, 3)));
        Assert.Equal("Trust time Respect", Words.Keep(Answer.Written(" Trust,  time; TRUST Respect. ")));
        Assert.Equal("a\nb", Text.Keep(Answer.Written(" a\r\nb\0 ")));
        Assert.Equal(500, Text.Keep(Answer.Written(new('x', 500))).Length);
        Assert.Equal("-1", (Scale with { From = -5 }).Keep(Answer.Of(-1)));
    }

    [Fact]
    public void Answers_are_counted_by_what_they_say()
    {
        var single = Single.Count([("2", 3), ("1", 1)]);
        Assert.Equal((4, "1:1:0,25 2:3:0,75 3:0:0"), (single.Answered, Lines(single)));
        Assert.Equal("1:2:1 2:0:0 3:1:0,5", Lines(Multiple.Count([("1", 1), ("1,3", 1)])));
        Assert.Equal(4, Scale.Count([("2", 1), ("5", 2)]).Mean);
        var ranking = Ranking.Count([("3,1,2", 2), ("3,2,1", 1)]);
        // The nearer to the front, the longer.
        Assert.Equal("2:2:0,83 3:1:0,67 1:0:0", Lines(ranking));
        var words = Words.Count([("Trust time", 1), ("trust", 2), ("respect", 1)]);
        Assert.Equal([("trust", 3, 1.0), ("respect", 1, 1.0 / 3), ("time", 1, 1.0 / 3)], words.Lines.Select(line => (line.Word, line.Count, line.Share)));
        Assert.Equal(4, words.Answered);
        foreach (var question in (Question[])[Single, Multiple, Ranking, Scale, Words, Text, Ideas])
            Assert.Equal(0, question.Count([]).Answered);

        static string Lines(QuestionCount count) => string.Join(' ', count.Lines.Select(line => $"{line.Number}:{line.Count}:{Math.Round(line.Share, 2).ToString(System.Globalization.CultureInfo.GetCultureInfo("it"))}"));
    }

    [Fact]
    public void Points_lie_between_nothing_and_all_and_the_order_of_marks_does_not_matter() => Gen.Select(Questions.Any, Gen.Int[-1, 11].Array[0, 11]).Hold((question, numbers) =>
    {
        var answer = new Answer(numbers, "word");
        if (RefusalOf(question, answer) is not null)
            return;
        var kept = question.Keep(answer);
        Assert.InRange(kept.Length, 1, Question.AnswerLength);
        Assert.InRange(question.Grade(kept), 0, question.Points);
        // What was kept is an answer too, and the same one.
        Assert.Equal(kept, question.Keep(question.Read(kept)));
        if (question is MultipleQuestion)
            Assert.Equal(kept, question.Keep(new([.. numbers.Reverse()], null)));
        var count = question.Count([(kept, 2)]);
        Assert.Equal(2, count.Answered);
        Assert.All(count.Lines, line => Assert.InRange(line.Share, 0, 1));
    }, cases: 3000);

    [Fact]
    public void What_is_right_gets_all_points() => Questions.Any.Hold(question =>
    {
        if (!question.IsQuiz)
            return;
        var right = question switch
        {
            SingleQuestion single => Answer.Of(single.Right!.Value),
            MultipleQuestion multiple => Answer.Of(multiple.Right),
            RankingQuestion ranking => Answer.Of(ranking.Places),
            _ => throw new InvalidOperationException("No quiz."),
        };
        Assert.Equal(question.Points, question.Grade(question.Keep(right)));
    }, cases: 1000);
}
