using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Learning;

public sealed class GatheringIdeas
{
    static readonly IdeasQuestion Board = new("board", "What next?", "", 2, 3);

    static Answer Ideas(string? text, params string[] votes) => Answer.Written(text) with { Votes = votes };

    static Refusal? RefusalOf(Answer answer)
    {
        try
        {
            _ = Board.Keep(answer);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }

    [Fact]
    public void Ideas_are_kept_as_lines_each_once_with_the_votes_before_them()
    {
        var (call, shoes) = (IdeasQuestion.KeyOf("A call"), IdeasQuestion.KeyOf("Shoes"));

        Assert.Equal("\nA call\nShoes", Board.Keep(Ideas(" A   call\0 \r\n\u200B\n\na CALL\nShoes")));
        // The same votes in any order, each once, and the form's vote for nothing.
        var votes = string.Join(',', new[] { call, shoes }.Order(StringComparer.Ordinal));
        Assert.Equal(votes + "\n", Board.Keep(Ideas(null, shoes, "", call, shoes)));
        Assert.Equal(Board.Keep(Ideas("A call", call, shoes)), Board.Keep(Ideas("A call", shoes, call)));
        // The same idea, whoever writes it and however large, is known by the same key; another one is not.
        Assert.Equal(call, IdeasQuestion.KeyOf(" a  CALL "));
        Assert.NotEqual(call, IdeasQuestion.KeyOf("Acall"));
        Assert.Equal(IdeasQuestion.KeyLength, call.Length);
    }

    [Fact]
    public void Too_much_nothing_and_what_is_no_vote_are_refused()
    {
        Assert.Equal(Refusal.AnswerMissing, RefusalOf(Ideas(" \n\u200B", "")));
        Assert.Equal(Refusal.AnswerIdeas, RefusalOf(Ideas("a\nb\nc")));
        Assert.Null(RefusalOf(Ideas(new string('x', 120))));
        Assert.Equal(Refusal.AnswerIdeas, RefusalOf(Ideas(new string('x', 121))));
        string[] keys = [.. "abcd".Select(letter => IdeasQuestion.KeyOf(letter.ToString()))];
        Assert.Null(RefusalOf(Ideas("", keys[..3])));
        Assert.Equal(Refusal.AnswerVotes, RefusalOf(Ideas("", keys)));
        foreach (var wrong in (string[])["1", "zzzzzzzzzzzz", keys[0].ToUpperInvariant(), keys[0] + "0", "a\nb"])
            Assert.Equal(Refusal.AnswerUnknown, RefusalOf(Ideas("", wrong)));
    }

    [Fact]
    public void What_an_answer_says_nothing_of_stays()
    {
        var kept = Board.Keep(Ideas("A call", IdeasQuestion.KeyOf("Shoes")));

        Assert.Equal(kept, Board.Keep(Board.Onto(kept, Answer.Written(null))));
        Assert.Equal(kept.Replace("A call", "Lunch", StringComparison.Ordinal), Board.Keep(Board.Onto(kept, Answer.Written("Lunch"))));
        Assert.Equal("\nA call", Board.Keep(Board.Onto(kept, Ideas(null))));
        Assert.True(IdeasQuestion.IsNothing(Board.Onto(kept, Ideas(" ", ""))));
        Assert.False(IdeasQuestion.IsNothing(Board.Onto(kept, Answer.Written(""))));
    }

    [Fact]
    public void The_same_idea_of_several_people_is_one_and_those_with_most_votes_come_first()
    {
        var (call, shoes, lunch, gone) = (IdeasQuestion.KeyOf("a call"), IdeasQuestion.KeyOf("shoes"), IdeasQuestion.KeyOf("lunch"), IdeasQuestion.KeyOf("gone"));

        var count = Board.Count([($"{shoes},{gone}\nA call\nLunch", 2), ("\na call", 1), ($"{shoes},{lunch}\nShoes", 1), ("\nKey", 1)]);

        // Votes for what nobody has any more are not counted; without votes, what more people had comes first.
        Assert.Equal([("Shoes", 3, 1.0), ("Lunch", 1, 1.0 / 3), ("A call", 0, 0.0), ("Key", 0, 0.0)], count.Lines.Select(line => (line.Word, line.Count, line.Share)));
        Assert.Equal([1, 2, 3, 4], count.Lines.Select(line => line.Number));
        Assert.Equal((5, 4), (count.Answered, count.Ideas));
        Assert.Equal(0, Board.Count([]).Ideas);
        // One's own idea may be voted for.
        Assert.Equal(1, Board.Count([($"{call}\nA call", 1)]).Lines[0].Count);
    }

    [Fact]
    public void A_result_shows_fifty_ideas_and_says_how_many_there_are()
    {
        var last = IdeasQuestion.KeyOf("idea 99");

        var count = Board.Count([.. Enumerable.Range(0, 100).Select(number => ($"{(number == 0 ? last : "")}\nidea {number:00}", 1))]);

        Assert.Equal((50, 100, "idea 99"), (count.Lines.Count, count.Ideas, count.Lines[0].Word));
    }

    [Fact]
    public void What_is_taken_away_goes_with_its_votes()
    {
        var (call, shoes) = (IdeasQuestion.KeyOf("A call"), IdeasQuestion.KeyOf("Shoes"));

        Assert.Equal("\nShoes", IdeasQuestion.Without($"{call}\na CALL\nShoes", call));
        Assert.Equal($"{shoes}\n", IdeasQuestion.Without($"{shoes}\nA call", call));
        Assert.Equal(IdeasQuestion.Emptied, IdeasQuestion.Without($"{call}\nA call", call));
        Assert.Equal($"{shoes}\nLunch", IdeasQuestion.Without($"{shoes}\nLunch", call));
        Assert.Equal("a CALL", IdeasQuestion.FirstOf($"{shoes}\nLunch\na CALL", [call]));
        Assert.Null(IdeasQuestion.FirstOf($"{call}\nLunch", [call]));
    }

    static readonly Gen<string> Written = Seeds.Texts(8, "a call\n", "A  Call\n", "shoes", "\n", "\r\n", "\0", "\u200B", "ΛΌΓΟΣ\n", "λόγος", "👋🏽", ",", "0123456789ab", " ", "\ud800");

    [Fact]
    public void Whatever_is_written_is_kept_the_same_way_and_never_comes_back_once_it_was_taken() => Gen.Select(Written, Gen.Int[0, 4].Array[0, 5], Gen.Int[0, 14]).Hold((text, votes, sort) =>
    {
        var board = new IdeasQuestion(null, "x", "", sort % 3 + 1, sort / 3 + 1);
        string[] ideas = ["a call", "shoes", "λόγος", "0123456789ab", "x"];
        string kept;
        try
        {
            kept = board.Keep(Ideas(text, [.. votes.Select(vote => IdeasQuestion.KeyOf(ideas[vote]))]));
        }
        catch (RefusedException)
        {
            return;
        }
        Assert.InRange(kept.Length, 2, Question.AnswerLength);
        Assert.Equal(kept, board.Keep(board.Read(kept)));
        Assert.Equal(kept, board.Keep(board.Onto(kept, Answer.Written(null))));
        var count = board.Count([(kept, 2)]);
        Assert.Equal(count.Lines.OrderByDescending(line => line.Count).Select(line => line.Word), count.Lines.Select(line => line.Word));
        Assert.All(count.Lines, line => Assert.InRange(line.Count, 0, 2));
        var left = count.Lines.Aggregate(kept, (before, line) => IdeasQuestion.Without(before, IdeasQuestion.KeyOf(line.Word)));
        Assert.Empty(board.Count([(left, 1)]).Lines);
        Assert.Null(IdeasQuestion.FirstOf(left, [.. count.Lines.Select(line => IdeasQuestion.KeyOf(line.Word))]));
    }, cases: 2000);
}
