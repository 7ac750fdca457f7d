using System.Globalization;
using System.Text;

namespace VetCommunity.Core.GoodPractice;

/// <summary>How others name the revision of a practice that is published: with its number and its day, since the address shows whichever is published later.</summary>
/// <param name="Practice">What was read.</param>
/// <param name="Address">Where it stands.</param>
/// <param name="Community">Where it was published: the community's name.</param>
public sealed record Citation(ReadPractice Practice, string Address, string Community)
{
    // Whoever reads these programs' files may take a control character for the end of something.
    const char Blank = ' ';

    PracticeCard Card => Practice.Card;

    /// <summary>Who made it, as the page says: the person, else the organisation, else nobody.</summary>
    public string Author => Practice.By.Length > 0 ? Practice.By : Card.Organisation;

    /// <summary>As an entry of BibTeX, which BibLaTeX reads as well.</summary>
    public string BibTeX()
    {
        var written = new StringBuilder().Append(CultureInfo.InvariantCulture, $"@misc{{{Card.Slug}-{Card.Language}-{Practice.Number},\n");
        // Twice in braces: a name is not taken apart, a title keeps its capitals.
        Put("author", Braced(Author));
        Put("title", Braced(Card.Record.Title));
        Put("year", Card.At.UtcDateTime.ToString("yyyy", CultureInfo.InvariantCulture));
        Put("month", Card.At.UtcDateTime.ToString("%M", CultureInfo.InvariantCulture));
        Put("date", Card.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Put("version", Practice.Number.ToString(CultureInfo.InvariantCulture));
        Put("howpublished", Escaped(Community));
        Put("organization", Practice.By.Length > 0 ? Escaped(Card.Organisation) : "");
        Put("note", string.Create(CultureInfo.InvariantCulture, $"Version {Practice.Number}"));
        Put("language", Card.Language);
        Put("copyright", Escaped(Card.Record.Licence));
        // An address is taken as it is.
        Put("url", Address);
        return written.Append("}\n").ToString();

        void Put(string name, string value)
        {
            if (value is not ("" or "{}"))
                written.Append(CultureInfo.InvariantCulture, $"  {name} = {{{value}}},\n");
        }
    }

    /// <summary>As a record of RIS, which reference managers read.</summary>
    public string Ris()
    {
        var written = new StringBuilder();
        Put("TY", "ELEC");
        Put("AU", Author);
        Put("TI", Card.Record.Title);
        Put("AB", Card.Record.Summary);
        Put("PY", Card.At.UtcDateTime.ToString("yyyy", CultureInfo.InvariantCulture));
        Put("DA", Card.At.UtcDateTime.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture));
        Put("ET", string.Create(CultureInfo.InvariantCulture, $"Version {Practice.Number}"));
        Put("PB", Community);
        Put("LA", Card.Language);
        foreach (var theme in Card.Record.Values[PracticeFacet.Theme])
            Put("KW", theme);
        Put("C1", Card.Record.Licence);
        Put("UR", Address);
        return written.Append("ER  - \r\n").ToString();

        // A line is a field: nothing in a value begins another one.
        void Put(string name, string value)
        {
            if (value.Length > 0)
                written.Append(CultureInfo.InvariantCulture, $"{name}  - {Line(value)}\r\n");
        }
    }

    static string Braced(string value) => value.Length == 0 ? "" : "{" + Escaped(value) + "}";

    // BibTeX counts braces also after a backslash, so none stands there alone.
    static string Escaped(string value) => string.Concat(Line(value).Select(letter => letter switch
    {
        '\\' => @"\textbackslash{}",
        '{' => @"\textbraceleft{}",
        '}' => @"\textbraceright{}",
        '^' => @"\textasciicircum{}",
        '~' => @"\textasciitilde{}",
        '"' => @"\textquotedbl{}",
        '&' or '%' or '$' or '#' or '_' => @"\" + letter,
        _ => letter.ToString(),
    }));

    static string Line(string value) => string.Concat(value.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? Blank : letter));
}
