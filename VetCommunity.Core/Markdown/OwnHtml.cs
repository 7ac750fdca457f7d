using System.Buffers;
using System.Text;

namespace VetCommunity.Core.Markdown;

/// <summary>
/// Reads the renderer's own html once from front to back and writes what the sanitiser would write. It knows only the few forms that the renderer has; whatever it does not
/// expect, it refuses, and the sanitiser decides. So it need not understand html, and building a tree of each text is spared.
/// </summary>
ref struct OwnHtml
{
    const int Deepest = 200;

    enum Element : byte
    {
        None, A, Blockquote, Br, Code, Del, Em, H3, H4, H5, H6, Hr, Img, Li, Ol, P, Pre, Strong, Table, Tbody, Td, Th, Thead, Tr, Ul,
    }

    // What is written otherwise than it is read, what marks something up, and what the renderer never writes.
    static readonly SearchValues<char> Special = SearchValues.Create(['<', '>', '&', '\u00A0', .. Unexpected()]);
    static readonly SearchValues<char> NotInValues = SearchValues.Create(['<', '>', '\u00A0', '\n', '\t', .. Unexpected()]);

    readonly ReadOnlySpan<char> _html;
    readonly Span<Element> _open;
    readonly StringBuilder _clean;
    int _at;
    int _depth;
    bool _isInLink;
    // A link that may lead nowhere leaves its words.
    bool _isLinkWritten;
    int _headCell;
    bool _isHeadCellSaid;

    OwnHtml(ReadOnlySpan<char> html, Span<Element> open)
    {
        _html = html;
        _open = open;
        _clean = new(html.Length + 64);
    }

    /// <summary>What <see cref="PersonsHtml.Sanitised"/> would make of it; null where something is not as the renderer writes it.</summary>
    public static string? Read(string html)
    {
        Span<Element> open = stackalloc Element[Deepest];
        var own = new OwnHtml(html, open);
        return own.ReadAll() ? own._clean.ToString() : null;
    }

    static IEnumerable<char> Unexpected() =>
        Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(letter => char.IsControl(letter) && letter is not ('\n' or '\t'));

    readonly Element Parent => _depth == 0 ? Element.None : _open[_depth - 1];

    bool ReadAll()
    {
        while (_at < _html.Length)
        {
            if (_html[_at] != '<')
            {
                if (!ReadText())
                    return false;
            }
            else if (_html[_at..].StartsWith("</") ? !ReadEnd() : !ReadBeginning())
            {
                return false;
            }
        }
        return _depth == 0;
    }

    bool ReadText()
    {
        var end = _html[_at..].IndexOf('<');
        var text = end < 0 ? _html[_at..] : _html.Slice(_at, end);
        _at += text.Length;
        if (!IsTextIn(Parent, text))
            return false;
        _isHeadCellSaid |= !text.IsWhiteSpace();
        while (text.IndexOfAny(Special) is >= 0 and var special)
        {
            _clean.Append(text[..special]);
            var rest = text[special..];
            if (rest[0] == '\u00A0')
            {
                _clean.Append("&nbsp;");
                text = rest[1..];
            }
            else if (rest.StartsWith("&quot;"))
            {
                _clean.Append('"');
                text = rest["&quot;".Length..];
            }
            else if (rest.StartsWith("&amp;") || rest.StartsWith("&lt;") || rest.StartsWith("&gt;"))
            {
                var length = rest.IndexOf(';') + 1;
                _clean.Append(rest[..length]);
                text = rest[length..];
            }
            else
            {
                return false;
            }
        }
        _clean.Append(text);
        return true;
    }

    // Words between the cells of a table would be moved before it, a line end after <pre> would be lost.
    static bool IsTextIn(Element parent, ReadOnlySpan<char> text) =>
        HoldsWords(parent) || parent is Element.Code || (parent is not Element.Pre && text.IndexOfAnyExcept('\n', ' ') < 0);

    bool ReadEnd()
    {
        var length = _html[_at..].IndexOf('>');
        if (length < 0 || _depth == 0)
            return false;
        var name = _html.Slice(_at + 2, length - 2);
        var element = Parent;
        if (ElementOf(name) != element)
            return false;
        _at += length + 1;
        _depth--;
        if (element is Element.A)
        {
            _isInLink = false;
            if (!_isLinkWritten)
                return true;
        }
        if (element is Element.Th && !_isHeadCellSaid)
        {
            // A cell that says nothing heads nothing.
            _clean.Length = _headCell;
            _clean.Append("<td></td>");
            return true;
        }
        _clean.Append("</").Append(name).Append('>');
        return true;
    }

    bool ReadBeginning()
    {
        _at++;
        var length = _html[_at..].IndexOfAny(' ', '>');
        if (length < 0)
            return false;
        var name = _html.Slice(_at, length);
        var element = ElementOf(name);
        _at += length;
        if (element is Element.None || !MayStandIn(element, Parent) || (element is Element.A && _isInLink) || !ReadAttributes(out var given))
            return false;
        var isEmpty = element is Element.Br or Element.Hr or Element.Img;
        if (given.IsClosed != isEmpty || !Write(element, name, given))
            return false;
        if (isEmpty)
            return true;
        if (_depth == Deepest)
            return false;
        _open[_depth++] = element;
        return true;
    }

    bool Write(Element element, ReadOnlySpan<char> name, Attributes given)
    {
        switch (element)
        {
            case Element.A:
                return WriteLink(given);
            case Element.Img:
                return WritePicture(given);
            case Element.Th:
                (_headCell, _isHeadCellSaid) = (_clean.Length, false);
                break;
        }
        if (!given.Href.IsEmpty || !given.Source.IsEmpty || !given.Alternative.IsEmpty)
            return false;
        _clean.Append('<').Append(name);
        if (element is Element.Code && PersonsHtml.IsLanguage(given.Class))
            Add("class", given.Class);
        if (element is Element.Ol && int.TryParse(given.Start, out _))
            Add("start", given.Start);
        _clean.Append('>');
        return true;
    }

    bool WriteLink(Attributes given)
    {
        if (given.Href.IsEmpty || !given.Source.IsEmpty || !given.Alternative.IsEmpty || !given.Start.IsEmpty)
            return false;
        _isInLink = true;
        _isLinkWritten = PersonsHtml.IsAllowed(given.Href);
        if (!_isLinkWritten)
            return given.Class.IsEmpty;
        _clean.Append("<a");
        if (!given.Class.IsEmpty)
        {
            if (!given.IsClassFirst || !PersonsHtml.IsMention(given.Class, given.Href))
                return false;
            Add("class", given.Class);
        }
        Add("href", given.Href);
        if (PersonsHtml.LeadsOut(given.Href))
            Add("rel", PersonsHtml.Outward);
        _clean.Append('>');
        return true;
    }

    bool WritePicture(Attributes given)
    {
        // What is written as an entity is shorter than it looks.
        if (!given.Href.IsEmpty || !given.Class.IsEmpty || given.Source.Contains('&'))
            return false;
        if (!PersonsHtml.IsPicture(given.Source) || given.Alternative.IsWhiteSpace())
            return true;
        _clean.Append("<img");
        Add("src", given.Source);
        Add("alt", given.Alternative);
        Add("loading", "lazy");
        _clean.Append('>');
        return true;
    }

    readonly void Add(string name, ReadOnlySpan<char> value) => _clean.Append(' ').Append(name).Append("=\"").Append(value).Append('"');

    bool ReadAttributes(out Attributes given)
    {
        given = default;
        while (_at < _html.Length)
        {
            var rest = _html[_at..];
            if (rest[0] == '>' || rest.StartsWith(" />"))
            {
                given.IsClosed = rest[0] != '>';
                _at += given.IsClosed ? 3 : 1;
                return true;
            }
            var equals = rest.IndexOf("=\"");
            if (rest[0] != ' ' || equals < 0)
                return false;
            var value = rest[(equals + 2)..];
            var length = value.IndexOf('"');
            if (length < 0 || !IsValue(value[..length]) || !given.Take(rest[1..equals], value[..length]))
                return false;
            _at += equals + length + 3;
        }
        return false;
    }

    static bool IsValue(ReadOnlySpan<char> value)
    {
        if (value.ContainsAny(NotInValues))
            return false;
        while (value.IndexOf('&') is >= 0 and var at)
        {
            value = value[at..];
            // The sanitiser takes a whole attribute away that says &{, which old browsers ran as a script.
            if ((!value.StartsWith("&amp;") && !value.StartsWith("&quot;")) || value.StartsWith("&amp;{"))
                return false;
            value = value[1..];
        }
        return true;
    }

    static bool MayStandIn(Element child, Element parent) => child switch
    {
        Element.Li => parent is Element.Ul or Element.Ol,
        Element.Thead or Element.Tbody => parent is Element.Table,
        Element.Tr => parent is Element.Thead or Element.Tbody,
        Element.Th or Element.Td => parent is Element.Tr,
        Element.Code => parent is Element.Pre || HoldsWords(parent),
        Element.A or Element.Em or Element.Strong or Element.Del or Element.Br or Element.Img => HoldsWords(parent),
        _ => parent is Element.None or Element.Blockquote or Element.Li,
    };

    static bool HoldsWords(Element parent) => parent is Element.P or Element.Li or Element.Th or Element.Td or Element.A or Element.Em or Element.Strong or Element.Del
        or Element.H3 or Element.H4 or Element.H5 or Element.H6;

    static Element ElementOf(ReadOnlySpan<char> name) => name switch
    {
        "a" => Element.A,
        "blockquote" => Element.Blockquote,
        "br" => Element.Br,
        "code" => Element.Code,
        "del" => Element.Del,
        "em" => Element.Em,
        "h3" => Element.H3,
        "h4" => Element.H4,
        "h5" => Element.H5,
        "h6" => Element.H6,
        "hr" => Element.Hr,
        "img" => Element.Img,
        "li" => Element.Li,
        "ol" => Element.Ol,
        "p" => Element.P,
        "pre" => Element.Pre,
        "strong" => Element.Strong,
        "table" => Element.Table,
        "tbody" => Element.Tbody,
        "td" => Element.Td,
        "th" => Element.Th,
        "thead" => Element.Thead,
        "tr" => Element.Tr,
        "ul" => Element.Ul,
        _ => Element.None,
    };

    ref struct Attributes
    {
        public ReadOnlySpan<char> Href;
        public ReadOnlySpan<char> Class;
        public ReadOnlySpan<char> Source;
        public ReadOnlySpan<char> Alternative;
        public ReadOnlySpan<char> Start;
        public bool IsClassFirst;
        public bool IsClosed;
        Given _given;

        /// <summary>False for what the renderer does not write, or not twice, or not in this order.</summary>
        public bool Take(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
        {
            switch (name)
            {
                case "href":
                    IsClassFirst = _given.HasFlag(Given.Class);
                    return TakeOnce(Given.Href, ref Href, value);
                case "class":
                    return TakeOnce(Given.Class, ref Class, value);
                case "src":
                    return !_given.HasFlag(Given.Alternative) && TakeOnce(Given.Source, ref Source, value);
                case "alt":
                    return TakeOnce(Given.Alternative, ref Alternative, value);
                case "start":
                    return TakeOnce(Given.Start, ref Start, value);
                default:
                    // No reader sees the alignment of a column or what a link's title says.
                    return name is "style" or "title";
            }
        }

        bool TakeOnce(Given one, ref ReadOnlySpan<char> place, ReadOnlySpan<char> value)
        {
            if (_given.HasFlag(one))
                return false;
            _given |= one;
            place = value;
            return true;
        }

        [Flags]
        enum Given : byte
        {
            None = 0,
            Href = 1,
            Class = 2,
            Source = 4,
            Alternative = 8,
            Start = 16,
        }
    }
}
