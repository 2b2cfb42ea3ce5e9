package web

import (
	"fmt"
	"html/template"
	"reflect"
	"testing"
	"text/template/parse"
)

// pageStructs says which struct each template is executed with.
func pageStructs() map[string]any {
	return map[string]any{
		"about": aboutPage{}, "api": apiPage{}, "archive": archivePage{}, "article": articlePage{}, "claims": claimsPage{}, "cluster": clusterPage{}, "clusters": clustersPage{},
		"companies": companiesPage{}, "company": companyPage{}, "compare": comparePage{}, "disputes": disputesPage{}, "dumps": dumpsPage{}, "error": errorPage{},
		"front": frontPage{}, "help": helpPage{}, "list": listPage{}, "quality": qualityPage{}, "search": searchPage{}, "sources": sourcesPage{}, "story": storyPage{}, "topics": topicsPage{},
	}
}

// Every field and method that a template names exists on the struct it is
// given, in branches that no test takes, too.
func TestTemplatesFitTheirStructs(t *testing.T) {
	pages, err := loadTemplates(files)
	if err != nil {
		t.Fatal(err)
	}
	structs := pageStructs()
	for name, tmpl := range pages {
		page, found := structs[name]
		if !found {
			t.Errorf("templates/%s.html has no struct in this test", name)
			continue
		}
		c := &checker{t: t, tmpl: tmpl, seen: map[string]bool{}}
		c.template("layout", reflect.TypeOf(page))
		delete(structs, name)
	}
	for name := range structs {
		t.Errorf("there is no templates/%s.html", name)
	}
}

func TestTheCheckerFindsWhatIsMissing(t *testing.T) {
	tmpl := template.Must(template.New("layout").Funcs(templateFuncs()).Parse(`{{range .Days}}{{if .Undated}}{{with $x := .Cards}}{{range $x}}{{.Nope}}{{end}}{{end}}{{end}}{{end}}`))
	found := ""
	c := &checker{tmpl: tmpl, seen: map[string]bool{}, report: func(s string) { found += s }}
	c.template("layout", reflect.TypeOf(frontPage{}))
	if found != "web.card has no Nope (in layout)" {
		t.Errorf("found %q", found)
	}
}

// checker walks the tree of a template with the type that dot has at each
// place. A nil type is one that it does not know; nothing is claimed of it.
type checker struct {
	t      *testing.T
	tmpl   *template.Template
	seen   map[string]bool
	name   string
	report func(string)
}

func (c *checker) errorf(format string, args ...any) {
	text := fmt.Sprintf(format, args...) + " (in " + c.name + ")"
	if c.report != nil {
		c.report(text)
		return
	}
	c.t.Error(text)
}

func (c *checker) template(name string, dot reflect.Type) {
	key := fmt.Sprint(name, dot)
	sub := c.tmpl.Lookup(name)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	defer func(outer string) { c.name = outer }(c.name)
	c.name = name
	if sub == nil || sub.Tree == nil {
		c.errorf("there is no template %s", name)
		return
	}
	c.list(sub.Tree.Root, dot, map[string]reflect.Type{"$": dot})
}

func (c *checker) list(list *parse.ListNode, dot reflect.Type, vars map[string]reflect.Type) {
	if list == nil {
		return
	}
	inner := map[string]reflect.Type{}
	for k, v := range vars {
		inner[k] = v
	}
	for _, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			c.pipe(n.Pipe, dot, inner)
		case *parse.IfNode:
			c.pipe(n.Pipe, dot, inner)
			c.list(n.List, dot, inner)
			c.list(n.ElseList, dot, inner)
		case *parse.WithNode:
			c.list(n.List, c.pipe(n.Pipe, dot, inner), inner)
			c.list(n.ElseList, dot, inner)
		case *parse.RangeNode:
			elem := element(c.pipe(n.Pipe, dot, inner))
			for _, v := range n.Pipe.Decl {
				inner[v.Ident[0]] = nil
			}
			if d := n.Pipe.Decl; len(d) > 0 {
				inner[d[len(d)-1].Ident[0]] = elem
			}
			c.list(n.List, elem, inner)
			c.list(n.ElseList, dot, inner)
		case *parse.TemplateNode:
			c.template(n.Name, c.pipe(n.Pipe, dot, inner))
		}
	}
}

func element(t reflect.Type) reflect.Type {
	if t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Map) {
		return t.Elem()
	}
	return nil
}

// pipe gives the type of a pipeline's value.
func (c *checker) pipe(p *parse.PipeNode, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	if p == nil {
		return nil
	}
	var last reflect.Type
	for _, cmd := range p.Cmds {
		for i, arg := range cmd.Args {
			t := c.node(arg, dot, vars)
			if i == 0 {
				last = t
			}
		}
	}
	if len(p.Decl) > 0 {
		vars[p.Decl[0].Ident[0]] = last
	}
	return last
}

func (c *checker) node(n parse.Node, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.fields(dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(c.node(n.Node, dot, vars), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, dot, vars)
	case *parse.IdentifierNode:
		if f, ok := templateFuncs()[n.Ident]; ok {
			return reflect.TypeOf(f).Out(0)
		}
	}
	return nil
}

func (c *checker) fields(t reflect.Type, names []string) reflect.Type {
	for _, name := range names {
		if t == nil || t.Kind() == reflect.Interface {
			return nil
		}
		if m, ok := t.MethodByName(name); ok {
			t = m.Type.Out(0)
			continue
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f, ok := reflect.StructField{}, false
		if t.Kind() == reflect.Struct {
			f, ok = t.FieldByName(name)
		}
		if !ok {
			c.errorf("%s has no %s", t, name)
			return nil
		}
		t = f.Type
	}
	return t
}
