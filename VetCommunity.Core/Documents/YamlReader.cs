using System.Buffers;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VetCommunity.Core.Documents;

/// <summary>Reads fields out of YAML by its events: nothing is followed or multiplied, so that reading costs what the text is long.</summary>
sealed class YamlReader
{
    static readonly SearchValues<char> Marks = SearchValues.Create("[]{}");

    readonly string _document;
    readonly int _offset;
    readonly Scanner _scanner;
    readonly Parser _parser;

    YamlReader(string document, int from, int end)
    {
        (_document, _offset) = (document, from);
        // Line ends for the library, and for no editor.
        _scanner = new(new StringReader(document[from..end].Replace('\u0085', ' ').Replace('\u2028', ' ').Replace('\u2029', ' ')), skipComments: true);
        _parser = new(_scanner);
    }

    public static (IReadOnlyList<Field> Fields, FrontMatterFault? Fault) Read(string document, int from, int end)
    {
        if (EndBefore(document, from, end) is { } fault)
            return ([], fault);
        var reader = new YamlReader(document, from, end);
        try
        {
            return (reader.Fields(), null);
        }
        catch (FaultException found)
        {
            return ([], At(document, from + (int)found.At, found.Kind));
        }
        catch (YamlException broken)
        {
            return ([], At(document, from + (int)broken.Start.Index, FaultKind.Broken));
        }
        // What the library throws about some texts that are no YAML.
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            return ([], At(document, from + (int)reader._scanner.CurrentPosition.Index, FaultKind.Broken));
        }
    }

    // With the zero character the text ends for the library, and with a directive another one begins: what stands behind them would not be read.
    static FrontMatterFault? EndBefore(string document, int from, int end)
    {
        if (document.AsSpan(from, end - from).IndexOf('\0') is >= 0 and var zero)
            return At(document, from + zero, FaultKind.Broken);
        for (var line = from; line < end; line = Lines.EndOf(document, line))
        {
            if (document.AsSpan(line).TrimStart('\uFEFF').StartsWith("%"))
                return At(document, line, FaultKind.NoFields);
        }
        return null;
    }

    public static FrontMatterFault At(string document, int place, FaultKind kind)
    {
        var (line, start) = LineAt(document, Math.Clamp(place, 0, document.Length), 1, 0);
        return new(kind, line, Math.Clamp(place, 0, document.Length) - start + 1);
    }

    // Goes on from a line that is known.
    static (int Line, int Start) LineAt(string document, int place, int line, int start)
    {
        for (var next = Lines.EndOf(document, start); next <= place && Lines.End(document[start..next]).Length > 0; next = Lines.EndOf(document, start))
            (line, start) = (line + 1, next);
        return (line, start);
    }

    List<Field> Fields()
    {
        List<Field> fields = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return fields;
        _parser.Consume<DocumentStart>();
        if (_parser.Accept<Scalar>(out var only) && only is { Value.Length: 0, IsPlainImplicit: true, Anchor.IsEmpty: true, Tag.IsEmpty: true })
        {
            _parser.MoveNext();
            End();
            return fields;
        }
        if (!_parser.TryConsume<MappingStart>(out var map) || map.Style == MappingStyle.Flow || !map.Tag.IsEmpty || !map.Anchor.IsEmpty)
            throw new FaultException(FaultKind.NoFields, _parser.Current?.Start.Index ?? 0);
        long? column = null;
        var (line, lineStart) = (1, 0);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var name = Name(names);
            column ??= name.Start.Column;
            // A name with a mark or on a line with others could not be changed alone.
            if (name.Start.Column != column || (name.Style == ScalarStyle.Plain && (!(name.Value is [var first, ..] && (char.IsLetterOrDigit(first) || first == '_')) || name.Value.AsSpan().ContainsAny(Marks)))
                || !_document.AsSpan(_offset + (int)name.End.Index).TrimStart(' ').StartsWith(":"))
                throw new FaultException(FaultKind.NoFields, name.Start.Index);
            var start = _parser.Current!.Start.Index;
            var style = (_parser.Current as Scalar)?.Style ?? ScalarStyle.Any;
            var isRows = _parser.Current is SequenceStart { Style: SequenceStyle.Block };
            var (value, end) = Value(0);
            var from = _offset + (int)name.Start.Index;
            var valueFrom = _offset + (int)start;
            var valueEnd = Math.Max(_offset + (int)end, valueFrom);
            (line, lineStart) = LineAt(_document, from, line, lineStart);
            if (_document.AsSpan(lineStart, from - lineStart).ContainsAnyExcept(' '))
                throw new FaultException(FaultKind.Broken, lineStart - _offset);
            fields.Add(new(name.Value, value, line)
            {
                From = lineStart,
                Indent = from - lineStart,
                ValueFrom = valueFrom,
                ValueEnd = valueEnd,
                Style = style,
                IsRows = isRows,
            });
        }
        End();
        return fields;
    }

    void End()
    {
        _parser.Consume<DocumentEnd>();
        if (!_parser.TryConsume<StreamEnd>(out _))
            throw new FaultException(FaultKind.NoFields, _parser.Current?.Start.Index ?? 0);
    }

    Scalar Name(HashSet<string> names)
    {
        if (!_parser.TryConsume<Scalar>(out var name))
            throw new FaultException(_parser.Current is AnchorAlias ? FaultKind.Alias : FaultKind.NoFields, _parser.Current?.Start.Index ?? 0);
        return names.Add(name.Value) ? name : throw new FaultException(FaultKind.Twice, name.Start.Index);
    }

    (FieldValue Value, long End) Value(int depth)
    {
        if (depth > FrontMatter.Depth)
            throw new FaultException(FaultKind.TooDeep, _parser.Current!.Start.Index);
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                throw new FaultException(FaultKind.Alias, alias.Start.Index);
            case NodeEvent { Anchor.IsEmpty: false } marked:
                throw new FaultException(FaultKind.Alias, marked.Start.Index);
            // What a text is to be taken for is for the reader of the field to know.
            case NodeEvent { Tag.IsEmpty: false } taken:
                throw new FaultException(FaultKind.NoFields, taken.Start.Index);
            case Scalar scalar:
                _parser.MoveNext();
                return (new FieldText(scalar.Value), EndOf(scalar));
            case SequenceStart list:
                {
                    _parser.MoveNext();
                    List<FieldValue> items = [];
                    var end = list.End.Index;
                    for (; ; )
                    {
                        if (_parser.TryConsume<SequenceEnd>(out var closed))
                            return (new FieldList(items), list.Style == SequenceStyle.Flow ? closed.Start.Index + 1 : end);
                        (var item, end) = Value(depth + 1);
                        items.Add(item);
                    }
                }
            case MappingStart map:
                {
                    _parser.MoveNext();
                    List<KeyValuePair<string, FieldValue>> entries = [];
                    HashSet<string> names = new(StringComparer.Ordinal);
                    var end = map.End.Index;
                    for (; ; )
                    {
                        if (_parser.TryConsume<MappingEnd>(out var closed))
                            return (new FieldMap(entries), map.Style == MappingStyle.Flow ? closed.Start.Index + 1 : end);
                        var name = Name(names);
                        // A ? with nothing behind it: the next field would be its name.
                        if (name is { Style: ScalarStyle.Plain, Value.Length: 0 })
                            throw new FaultException(FaultKind.NoFields, name.Start.Index);
                        (var value, end) = Value(depth + 1);
                        entries.Add(new(name.Value, value));
                    }
                }
            default:
                throw new FaultException(FaultKind.NoFields, _parser.Current?.Start.Index ?? 0);
        }
    }

    // A text of several lines ends for the parser where the next name begins: the line ends before that stay where they are.
    long EndOf(Scalar scalar)
    {
        if (scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded))
            return scalar.End.Index;
        var start = _offset + (int)scalar.Start.Index;
        var end = Math.Min(_offset + (int)scalar.End.Index, _document.Length);
        return start + _document[start..end].TrimEnd(' ', '\t', '\r', '\n').Length - _offset;
    }

    sealed class FaultException(FaultKind kind, long at) : Exception
    {
        public FaultKind Kind => kind;
        public long At => at;
    }
}
